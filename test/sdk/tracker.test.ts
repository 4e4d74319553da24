import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createTracker,
  FaceKeypointsError,
  FaceTracker,
  type Face,
  type Pixels,
  type WorkerTrackerOptions,
} from '../../sdk/src/index.ts';
import { readPicture } from '../../sdk/src/node/index.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const detector = new URL('../../node_modules/@vladmandic/human/models/blazeface.json', import.meta.url);

const grey = (value: number): Pixels => ({
  data: new Uint8Array(64 * 48).fill(value),
  width: 64,
  height: 48,
  channels: 1,
});
const code = (expected: string) => (error: unknown) =>
  error instanceof FaceKeypointsError && error.code === expected;

test('an empty picture holds no face; a closed tracker refuses', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  assert.equal(tracker.backend, 'wasm');
  assert.deepEqual(await tracker.detect(grey(128)), []);
  assert.deepEqual(await tracker.track(grey(128), 0), []);
  await tracker.close();
  await tracker.close();
  await assert.rejects(tracker.track(grey(0), 1), code('tracker-closed'));
});

test('a still is looked at together with its mirror image, a frame of a stream is not', async () => {
  const picture = await readPicture(fileURLToPath(new URL('../../public/example.jpg', import.meta.url)));
  // It sees every face 0.1 of the crop further right than the last crop; in the mirror that is as far left.
  const model = fakeLandmarkModel({ shift: 0.1 });
  const tracker = await FaceTracker.create({ model, detector, backend: 'wasm' });
  const [still] = await tracker.detect(picture);
  const [live] = await tracker.track(picture, 0);
  const centre = ({ box }: Face): number => box.x + box.width / 2;
  const shift = (centre(live) - centre(still)) / (still.box.width * 1.3);
  assert.ok(Math.abs(shift - 0.1) < 0.02, `${shift} of the crop`);
  await tracker.close();
});

test('input without pixels is refused, and the next frame still works', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const empty = { data: new Uint8Array(0), width: 0, height: 0, channels: 4 } as const;
  await assert.rejects(tracker.track(empty, 0), code('input-invalid'));
  await assert.rejects(tracker.detect(null as never), code('input-invalid'));
  await assert.rejects(tracker.detect({} as never), code('input-invalid'));
  assert.deepEqual(await tracker.track(grey(9), 1), []);
  await tracker.close();
});

test('models and options that cannot work are refused with what to do', async () => {
  const model = fakeLandmarkModel();
  const create = (options: object) => FaceTracker.create({ model, detector, backend: 'wasm', ...options });
  await assert.rejects(create({ model: new URL('file:///no/such/model.json') }), code('model-missing'));
  await assert.rejects(create({ model: detector }), code('model-unsupported'));
  await assert.rejects(create({ model: 'lit' }), code('option-invalid'));
  const foreign = { ...model, userDefinedMetadata: { ...model.userDefinedMetadata, schema: 'other' } };
  await assert.rejects(create({ model: foreign }), code('model-unsupported'));
  await assert.rejects(create({ backend: 'cuda' }), code('option-invalid'));
  await assert.rejects(create({ backend: 'webgl' }), code('backend-unavailable'));
  await assert.rejects(create({ maxFaces: 0 }), code('option-invalid'));
  await assert.rejects(create({ signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('an option that there is not is told, with the one that it is near to', async () => {
  const create = (options: object) =>
    FaceTracker.create({ model: fakeLandmarkModel(), detector, ...options });
  for (const [name, says] of [
    ['maxFace', /no option "maxFace"\. Did you mean "maxFaces"\?/],
    ['max-faces', /Did you mean "maxFaces"\?/],
    ['bakcend', /Did you mean "backend"\?/],
    ['minConfidence', /no option "minConfidence"\. There are: .*maxFaces.*smoothing/],
  ] as const) {
    const isIt = (error: unknown) => code('option-invalid')(error) && says.test((error as Error).message);
    await assert.rejects(create({ [name]: 1 }), isIt);
    await assert.rejects(createTracker({ [name]: 1 }), isIt);
  }
  for (const [options, says] of [
    [
      { smoothing: { minCutof: 1 } },
      /no option "smoothing\.minCutof"\. Did you mean "smoothing\.minCutoff"\?/,
    ],
    [{ model: { wasmm: 'lite' } }, /no option "model\.wasmm"\. Did you mean "model\.wasm"\?/],
    [{ maxFaces: '2' }, /must be a whole number from 1, not "2"/],
  ] as const) {
    const isIt = (error: unknown) => code('option-invalid')(error) && says.test((error as Error).message);
    await assert.rejects(create(options), isIt);
  }
  const running = await create({});
  assert.throws(() => running.configure({ backend: 'webgl' } as object), code('option-invalid'));
  await running.close();
  const all: Record<keyof WorkerTrackerOptions, unknown> = {
    model: fakeLandmarkModel(),
    detector,
    assets: undefined,
    wasmPath: undefined,
    worker: undefined,
    backend: 'wasm',
    threads: false,
    maxFaces: 2,
    smoothing: false,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  };
  const tracker = await create(all);
  assert.throws(() => tracker.configure({ maxFace: 1 } as object), code('option-invalid'));
  assert.equal(tracker.options.maxFaces, 2);
  await tracker.close();
});

test('of models by backend it loads that of its own alone', async () => {
  const gone = new URL('file:///no/such/model.json');
  const model = { webgpu: gone, webgl: gone, wasm: fakeLandmarkModel() };
  const tracker = await FaceTracker.create({ model, detector, backend: 'wasm' });
  assert.deepEqual(await tracker.detect(grey(128)), []);
  await tracker.close();
});

test('a model that fails ends the loading of the other', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const slow = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/model.json`;
  const gone = new URL('file:///no/such/model.json');
  try {
    for (const models of [
      { model: gone, detector: slow },
      { model: slow, detector: gone },
    ])
      await assert.rejects(FaceTracker.create({ ...models, backend: 'wasm' }), code('model-missing'));
    const signal = AbortSignal.timeout(50);
    const waiting = FaceTracker.create({ model: slow, detector, backend: 'wasm', signal });
    await assert.rejects(waiting, { name: 'TimeoutError' });
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test('trackers leave no tensors behind', async () => {
  const tf = await import('@tensorflow/tfjs-core');
  const once = async (): Promise<number> => {
    const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
    await tracker.track(grey(100), 0);
    await tracker.close();
    return tf.memory().numTensors;
  };
  const first = await once();
  assert.equal(await once(), first);
});

test('options change while it runs: refused ones change nothing', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  assert.deepEqual(tracker.options, { maxFaces: 1, smoothing: true });
  tracker.configure({ maxFaces: 3 });
  assert.deepEqual(tracker.options, { maxFaces: 3, smoothing: true });
  tracker.configure({ smoothing: { minCutoff: 0.5 } });
  assert.deepEqual(tracker.options, { maxFaces: 3, smoothing: { minCutoff: 0.5 } });
  for (const options of [
    { maxFaces: 0 },
    { maxFaces: 1.5 },
    { smoothing: { beta: -1 } },
    { smoothing: { speedCutoff: NaN } },
    { smoothing: null as never },
    { smoothing: 'on' as never },
  ]) {
    assert.throws(() => tracker.configure({ ...options }), code('option-invalid'));
  }
  assert.deepEqual(tracker.options, { maxFaces: 3, smoothing: { minCutoff: 0.5 } });
  await tracker.close();
});

test('options are copied: what happens to the object later changes nothing', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const smoothing = { minCutoff: 1 };
  tracker.configure({ smoothing });
  smoothing.minCutoff = -1;
  assert.deepEqual(structuredClone(tracker.options.smoothing), { minCutoff: 1 });
  await tracker.close();
});

test('timings are of the last call, also while another is in work', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  await tracker.detect(grey(128));
  let working = true;
  const pending = tracker.detect(grey(128)).finally(() => (working = false));
  for (; working; await Promise.resolve()) assert.ok(tracker.timings.detect > 0);
  await pending;
  await tracker.close();
});

test('nothing of a frame is kept once it was looked at', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const look = async (how: 'track' | 'detect'): Promise<WeakRef<object>> => {
    const frame = grey(128);
    await tracker[how](frame);
    return new WeakRef(frame.data);
  };
  for (const how of ['track', 'detect'] as const) {
    const pixels = await look(how);
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    assert.equal(pixels.deref(), undefined, how);
  }
  await tracker.close();
});

test('close ends what is in work first, for everyone who calls it', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const order: string[] = [];
  const ended = (name: string) => () => void order.push(name);
  const pending = tracker.detect(grey(128)).then(ended('call'));
  await Promise.all([pending, tracker.close().then(ended('close')), tracker.close().then(ended('close'))]);
  assert.deepEqual(order, ['call', 'close', 'close']);
});
