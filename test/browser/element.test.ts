import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, createElement, equal, hasModel, next, picture } from './support.ts';

describe('<face-keypoints>', () => {
  afterEach(() => document.body.replaceChildren());

  it('mounts, idle, without any input', async () => {
    const element = createElement();
    document.body.append(element);
    await element.updateComplete;
    equal(element.state, 'idle');
    assert(element.shadowRoot?.querySelector('canvas'), 'has an overlay');
    equal(element.faces.length, 0);
  });

  it('takes a picture through detector and network', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const found = next(element, 'keypoints');
    document.body.append(element);
    const { faces, width, height } = await found;
    equal(faces.length, 1, 'faces');
    equal(faces[0]!.keypoints.length, 136);
    equal(width, height, 'the example is square, so width');
    equal(element.stats.backend, 'wasm');
  });

  it('puts the trained model’s points on the features of the example face', async function () {
    if (!hasModel) {
      console.log('skipped: there is no trained model in public/models/resnet18 yet');
      this.skip();
    }
    const element = createElement({ source: await picture() });
    const found = next(element, 'keypoints');
    document.body.append(element);
    const { faces, width } = await found;
    equal(faces.length, 1, 'faces');
    const points = faces[0]!.keypoints;
    const at = (i: number): [number, number] => [points[2 * i]! / width, points[2 * i + 1]! / width];
    // Where the drawing has its outer eye corners, nose base and mouth corners, in parts of its width.
    const expected: [number, number, number][] = [
      [36, 340 / 960, 456 / 960],
      [45, 620 / 960, 456 / 960],
      [33, 480 / 960, 592 / 960],
      [48, 402 / 960, 654 / 960],
      [54, 558 / 960, 654 / 960],
    ];
    for (const [i, x, y] of expected) {
      const [px, py] = at(i);
      const off = Math.hypot(px - x, py - y) / (280 / 960);
      assert(off < 0.15, `point ${i} is ${(100 * off).toFixed(0)} % of the eye distance off`);
    }
  });

  it('tells of a text file with input-invalid', async () => {
    const element = createElement({
      model: fakeLandmarkModel(),
      source: new Blob(['no picture'], { type: 'text/plain' }),
    });
    const failed = next(element, 'error');
    document.body.append(element);
    equal((await failed).code, 'input-invalid');
    equal(element.state, 'error');
  });

  it('takes a load() that was given up for no failure', async () => {
    const errors: string[] = [];
    const element = createElement({ model: fakeLandmarkModel() });
    element.addEventListener('error', (event) => errors.push(event.type));
    document.body.append(element);
    await element.updateComplete;
    const changed = element.load();
    element.threads = true;
    await element.updateComplete;
    await changed;
    const removed = element.load();
    element.remove();
    await removed;
    equal(errors.length, 0, 'errors');
    equal(element.state, 'idle');
  });

  it('keeps its error to itself, and lets the others through to the page', async () => {
    const heard: string[] = [];
    const hear = ({ type }: Event): void => void heard.push(type);
    for (const type of ['keypoints', 'error']) document.addEventListener(type, hear);
    try {
      const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
      const found = next(element, 'keypoints');
      // From inside another component, too.
      const host = document.body.appendChild(document.createElement('div'));
      host.attachShadow({ mode: 'open' }).append(element);
      await found;
      const failed = next(element, 'error');
      element.source = new Blob(['no picture'], { type: 'text/plain' });
      await failed;
    } finally {
      for (const type of ['keypoints', 'error']) document.removeEventListener(type, hear);
    }
    equal(heard.join(), 'keypoints');
  });

  it('gives a snapshot in the picture’s own pixels', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const found = next(element, 'keypoints');
    document.body.append(element);
    const { width } = await found;
    const bare = await createImageBitmap(await element.snapshot({ overlay: false }));
    equal(bare.width, width);
    const marked = await element.snapshot();
    equal(marked.type, 'image/png');
    assert(marked.size !== (await element.snapshot({ overlay: false })).size, 'landmarks are drawn into it');
  });

  it('gives a snapshot as it is shown, or as the coordinates are', async () => {
    // Red on the left, blue on the right.
    const source = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const context = source.getContext('2d')!;
    for (const [color, x] of [
      ['red', 0],
      ['blue', 32],
    ] as const) {
      context.fillStyle = color;
      context.fillRect(x, 0, 32, 48);
    }
    const element = createElement({ model: fakeLandmarkModel(), mirror: true, source });
    const looked = next(element, 'keypoints');
    document.body.append(element);
    await looked;
    const leftOf = async (mirror?: boolean): Promise<string> => {
      const bitmap = await createImageBitmap(await element.snapshot({ overlay: false, mirror }));
      const canvas = new OffscreenCanvas(64, 48).getContext('2d')!;
      canvas.drawImage(bitmap, 0, 0);
      return [...canvas.getImageData(8, 24, 1, 1).data].join();
    };
    const [red, blue] = ['255,0,0,255', '0,0,255,255'];
    equal(await leftOf(), blue, 'mirrored, as shown');
    equal(await leftOf(false), red);
    equal(await leftOf(true), blue);
    element.mirror = false;
    equal(await leftOf(), red, 'not mirrored, as shown');
    equal(await leftOf(true), blue);
  });

  it('refuses a snapshot without a picture', async () => {
    const element = createElement();
    document.body.append(element);
    const error: unknown = await element.snapshot().catch((reason: unknown) => reason);
    equal((error as { code?: string }).code, 'input-invalid');
  });
});
