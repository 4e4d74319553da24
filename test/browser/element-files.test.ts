/** Files as people hand them over: without a type, without a picture, broken. */
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, createElement, equal, next, picture, recording, until } from './support.ts';

/** A second of silence. */
function sound(): Uint8Array<ArrayBuffer> {
  const rate = 8000;
  const bytes = new Uint8Array(44 + rate);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void => bytes.set(new TextEncoder().encode(value), at);
  text(0, 'RIFF');
  view.setUint32(4, 36 + rate, true);
  text(8, 'WAVEfmt ');
  [16, 1 | (1 << 16), rate, rate, 1 | (8 << 16)].forEach((value, i) =>
    view.setUint32(16 + 4 * i, value, true),
  );
  text(36, 'data');
  view.setUint32(40, rate, true);
  return bytes.fill(128, 44);
}

/** Addresses of blobs that were made and not yet freed. */
function watchAddresses(): { open: Set<string>; restore: () => void } {
  const { createObjectURL, revokeObjectURL } = URL;
  const open = new Set<string>();
  URL.createObjectURL = (object: Blob) => {
    const url = createObjectURL.call(URL, object);
    open.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    open.delete(url);
    revokeObjectURL.call(URL, url);
  };
  return { open, restore: () => Object.assign(URL, { createObjectURL, revokeObjectURL }) };
}

describe('<face-keypoints> with files', () => {
  let addresses: ReturnType<typeof watchAddresses>;
  beforeEach(() => {
    addresses = watchAddresses();
  });
  afterEach(() => {
    addresses.restore();
    document.body.replaceChildren();
  });

  for (const type of ['', 'application/octet-stream'])
    it(`plays a video of type "${type}", and shows such a picture`, async () => {
      for (const [file, tag] of [
        [await recording(), 'video'],
        [await picture(), 'img'],
      ] as const) {
        const element = createElement({ model: fakeLandmarkModel(), source: new Blob([file], { type }) });
        const frame = next(element, 'keypoints');
        document.body.append(element);
        equal((await frame).faces.length, 1, 'faces');
        assert(element.shadowRoot!.querySelector(tag), `a ${tag}`);
        equal(addresses.open.size, 1, 'addresses while it is shown');
        element.remove();
        await until(() => addresses.open.size === 0, 'its address is freed');
      }
    });

  it('tells of a file that is neither, and tries no picture as a video', async () => {
    for (const [type, says] of [
      ['', /no picture or video/],
      ['image/heic', /picture cannot be loaded/],
    ] as const) {
      const element = createElement({ model: fakeLandmarkModel(), source: new Blob(['neither'], { type }) });
      const failed = next(element, 'error');
      document.body.append(element);
      const { code, message } = await failed;
      equal(code, 'input-invalid');
      assert(says.test(message), message);
      equal(addresses.open.size, 0, 'addresses');
    }
  });

  it('tells of a video without a picture, or with one that the browser cannot decode', async () => {
    const source = new Blob([sound()], { type: 'video/mp4' });
    const element = createElement({ model: fakeLandmarkModel(), source });
    const failed = next(element, 'error', 10_000);
    document.body.append(element);
    const { code, message } = await failed;
    equal(code, 'input-invalid');
    assert(/video cannot be played/.test(message), message);
    equal(element.state, 'error');
    equal(addresses.open.size, 0, 'addresses');
  });
});
