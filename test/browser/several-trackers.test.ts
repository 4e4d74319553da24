/** Several trackers on one page share tfjs, which has one backend at a time. */
import { FaceTracker, type BackendName, type Face } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, picture, sleep, WASM } from './support.ts';

const create = (backend: BackendName): Promise<FaceTracker> =>
  FaceTracker.create({ backend, model: fakeLandmarkModel(), detector: DETECTOR, wasmPath: WASM });

function same(faces: readonly Face[], expected: readonly Face[], what: string): void {
  equal(faces.length, expected.length, `${what}: faces`);
  const worst = Math.max(
    ...faces[0]!.keypoints.map((value, k) => Math.abs(value - expected[0]!.keypoints[k]!)),
  );
  assert(worst < 0.01, `${what}: ${worst} px from what it finds alone`);
}

/** A server that takes its time with the wasm binary. Backends start once a page, so that this works but once. */
function slowWasm(): { asked: Promise<void>; answer: () => void } {
  const { fetch } = window;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked = new Promise<void>((resolve) => {
    window.fetch = async (input, init) => {
      if (/\.wasm$/.test(input instanceof Request ? input.url : String(input))) {
        window.fetch = fetch;
        resolve();
        await answered;
      }
      return fetch(input, init);
    };
  });
  return { asked, answer };
}

describe('trackers on different backends', () => {
  it('one works while another starts, then both do', async function () {
    this.timeout(170_000);
    const image = await createImageBitmap(await picture());
    const webgpu = await create('webgpu');
    const alone = await webgpu.detect(image);
    equal(alone.length, 1, 'faces');
    const slow = slowWasm();
    const starting = create('wasm');
    await slow.asked;
    const meanwhile = webgpu.detect(image);
    await sleep(300);
    slow.answer();
    same(await meanwhile, alone, 'webgpu, while wasm starts');
    const wasm = await starting;
    const expected = await wasm.detect(image);
    const together = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? wasm : webgpu).detect(image)),
    );
    together.forEach((faces, i) => same(faces, i % 2 ? expected : alone, i % 2 ? 'wasm' : 'webgpu'));
    await Promise.all([webgpu.close(), wasm.close()]);
  });
});
