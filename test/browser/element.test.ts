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

  it('warns of an attribute’s wrong value and goes on with the default', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...parts: unknown[]) => void warnings.push(parts.join(' '));
    try {
      document.body.innerHTML = '<face-keypoints overlay="sparkles" max-faces="0"></face-keypoints>';
      const element = document.querySelector('face-keypoints')!;
      await element.updateComplete;
      equal(element.overlay, 'points');
      equal(element.maxFaces, 1);
    } finally {
      console.warn = warn;
    }
    assert(
      warnings.some((text) => text.includes('sparkles') && text.includes('contours')),
      `names the value and the choices: ${warnings.join('; ')}`,
    );
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

  it('ends the camera’s tracks when it leaves the page', async () => {
    const tracks: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const original = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await original(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    try {
      const element = createElement({ model: fakeLandmarkModel(), camera: true });
      const frame = next(element, 'keypoints');
      document.body.append(element);
      await frame;
      equal(tracks.length, 1, 'tracks');
      equal(tracks[0]!.readyState, 'live');
      element.remove();
      equal(tracks[0]!.readyState, 'ended');
    } finally {
      mediaDevices.getUserMedia = original;
    }
  });

  it('tells of a camera that ends with camera-missing', async () => {
    const { mediaDevices } = navigator;
    const original = mediaDevices.getUserMedia.bind(mediaDevices);
    let track: MediaStreamTrack | undefined;
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await original(constraints);
      track = stream.getVideoTracks()[0];
      return stream;
    };
    try {
      const element = createElement({ model: fakeLandmarkModel(), camera: true });
      const frame = next(element, 'keypoints');
      document.body.append(element);
      await frame;
      const failed = next(element, 'error');
      track!.dispatchEvent(new Event('ended'));
      equal((await failed).code, 'camera-missing');
      equal(element.state, 'error');
    } finally {
      mediaDevices.getUserMedia = original;
    }
  });

  it('takes a load() that was given up for no failure', async () => {
    const errors: string[] = [];
    const element = createElement({ model: fakeLandmarkModel() });
    element.addEventListener('error', (event) => errors.push(event.type));
    document.body.append(element);
    await element.updateComplete;
    const changed = element.load();
    element.maxFaces = 2;
    await element.updateComplete;
    await changed;
    const removed = element.load();
    element.remove();
    await removed;
    equal(errors.length, 0, 'errors');
    equal(element.state, 'idle');
  });
});
