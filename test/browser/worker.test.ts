import { createTracker, FaceKeypointsError, FaceTracker, WorkerTracker } from '../../sdk/src/index.ts';
import type { BackendName, Face, FrameSource, TrackerOptions } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, picture, WASM } from './support.ts';

const WORKER = '/sdk/browser/worker.js';
const options = (backend: BackendName = 'wasm'): TrackerOptions => ({
  backend,
  model: fakeLandmarkModel(),
  detector: DETECTOR,
  wasmPath: WASM,
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof FaceKeypointsError ? error.code : String(error)),
  );

function sameFaces(actual: Face[], expected: Face[], what: string, tolerance = 0): void {
  equal(actual.length, expected.length, `${what}: faces`);
  expected.forEach((face, i) => {
    equal(actual[i]!.id, face.id, `${what}: id`);
    const worst = face.keypoints.reduce(
      (most, value, k) => Math.max(most, Math.abs(value - actual[i]!.keypoints[k]!)),
      0,
    );
    assert(worst <= tolerance, `${what}: keypoints differ by ${worst} px`);
  });
}

/** A video element that shows the example, standing still. */
async function video(): Promise<HTMLVideoElement> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 320 });
  const draw = async (): Promise<void> =>
    canvas.getContext('2d')!.drawImage(await createImageBitmap(await picture()), 0, 0, 320, 320);
  const element = Object.assign(document.createElement('video'), {
    muted: true,
    srcObject: canvas.captureStream(),
  });
  await draw();
  await element.play();
  return element;
}

describe('a tracker in a worker', () => {
  it('gives the same as one on the page, for every kind of source, and leaves the sources alone', async () => {
    const [here, there] = await Promise.all([
      FaceTracker.create(options()),
      WorkerTracker.create({ ...options(), worker: WORKER }),
    ]);
    try {
      equal(there.backend, here.backend);
      equal(JSON.stringify(there.metadata), JSON.stringify(here.metadata));
      const blob = await picture();
      const bitmap = await createImageBitmap(blob);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const imageData = context.getImageData(0, 0, canvas.width, canvas.height);
      const image = new Image();
      image.src = URL.createObjectURL(blob);
      await image.decode();
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      const sources: Record<string, FrameSource> = {
        blob,
        bitmap,
        canvas,
        imageData,
        pixels: { data: imageData.data, width: imageData.width, height: imageData.height, channels: 4 },
        image,
        frame,
      };
      for (const [name, source] of Object.entries(sources)) {
        const expected = await here.detect(source);
        equal(expected.length, 1, `${name}: faces on the page`);
        sameFaces(await there.detect(source), expected, name);
      }
      assert(there.timings.detect > 0 && there.timings.landmarks > 0, 'timings have come');
      equal(bitmap.width, image.naturalWidth, 'the bitmap is open, so width');
      equal(imageData.data.length, 4 * canvas.width * canvas.height, 'pixels are still here, so length');
      equal(frame.codedWidth, canvas.width, 'the frame is open, so width');
      frame.close();
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  it('follows a stream, with its options changed on the way, and forgets it on reset', async () => {
    const [here, there] = await Promise.all([
      FaceTracker.create(options()),
      WorkerTracker.create({ ...options(), worker: WORKER }),
    ]);
    const bitmap = await createImageBitmap(await picture());
    const both = async (time: number): Promise<void> =>
      sameFaces(await there.track(bitmap, time), await here.track(bitmap, time), `at ${time} ms`);
    try {
      for (const time of [0, 33, 66]) await both(time);
      for (const tracker of [here, there]) tracker.configure({ smoothing: false, maxFaces: 2 });
      equal(JSON.stringify(there.options), JSON.stringify(here.options));
      await both(99);
      for (const tracker of [here, there]) tracker.reset();
      await both(133);
      let code = '';
      try {
        there.configure({ maxFaces: 0 });
      } catch (error) {
        code = (error as FaceKeypointsError).code;
      }
      equal(code, 'option-invalid');
      equal(there.options.maxFaces, 2);
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  it('reads a video element', async () => {
    const tracker = await WorkerTracker.create({ ...options(), worker: WORKER });
    const element = await video();
    try {
      equal((await tracker.track(element, 0)).length, 1, 'faces');
      equal(await codeOf(tracker.track(document.createElement('video'), 33)), 'input-invalid');
    } finally {
      element.srcObject = null;
      await tracker.close();
    }
  });

  for (const backend of ['webgl', 'webgpu'] as const) {
    it(`runs on ${backend}`, async function () {
      this.timeout(120_000);
      const tracker = await WorkerTracker.create({ ...options(backend), worker: WORKER });
      const bitmap = await createImageBitmap(await picture());
      equal(tracker.backend, backend);
      equal((await tracker.detect(bitmap)).length, 1, 'faces');
      await tracker.close();
    });
  }

  it('closes every frame that it takes, those too that come to nothing', async () => {
    const { VideoFrame } = window;
    const taken: VideoFrame[] = [];
    const note = (frame: VideoFrame): VideoFrame => (taken.push(frame), frame);
    window.VideoFrame = class extends VideoFrame {
      constructor(...args: ConstructorParameters<typeof VideoFrame>) {
        super(...args);
        note(this);
      }
      override clone = (): VideoFrame => note(super.clone());
    } as typeof VideoFrame;
    const element = await video();
    const tracker = await WorkerTracker.create({ ...options(), worker: WORKER });
    try {
      const own = new window.VideoFrame(element);
      await tracker.track(own, 0);
      await tracker.track(element, 33);
      const cutShort = [tracker.track(element, 66), tracker.track(own, 99)].map(codeOf);
      await tracker.close();
      for (const code of await Promise.all(cutShort)) equal(code, 'tracker-closed');
      equal(taken.length, 5, 'frames taken');
      const open = taken.filter(({ codedWidth }) => codedWidth > 0);
      assert(
        open.length === 1 && open[0] === own,
        `${open.length} frames are open, only the caller’s may be`,
      );
      own.close();
    } finally {
      window.VideoFrame = VideoFrame;
      element.srcObject = null;
      await tracker.close();
    }
  });

  it('tells of a device that is lost inside, and another tracker works', async function () {
    this.timeout(120_000);
    // The worker's own script, in a hand that can take its context away.
    const script = `
      import ${JSON.stringify(new URL(WORKER, location.href).href)};
      const { getContext } = OffscreenCanvas.prototype;
      let gl;
      OffscreenCanvas.prototype.getContext = function (...args) {
        const context = getContext.apply(this, args);
        if (context instanceof WebGL2RenderingContext) gl = context;
        return context;
      };
      addEventListener('message', ({ data }) => {
        if (data.type === 'reset') gl.getExtension('WEBGL_lose_context').loseContext();
      });`;
    const worker = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const bitmap = await createImageBitmap(await picture());
    const tracker = await WorkerTracker.create({ ...options('webgl'), worker });
    equal((await tracker.track(bitmap, 0)).length, 1, 'faces');
    tracker.reset();
    for (const time of [33, 66]) equal(await codeOf(tracker.track(bitmap, time)), 'device-lost');
    await tracker.close();
    const another = await WorkerTracker.create({ ...options('webgl'), worker });
    equal((await another.track(bitmap, 99)).length, 1, 'faces after the loss');
    await another.close();
  });

  it('tells of progress and of errors with their code and cause', async () => {
    const steps: number[] = [];
    const onProgress = ({ loaded }: { loaded: number }): void => void steps.push(loaded);
    const tracker = await WorkerTracker.create({ ...options(), worker: WORKER, onProgress });
    assert(steps.length > 1 && steps.at(-1)! > 0, 'progress has come');
    const error = await tracker.detect(new Blob(['no picture'])).then(
      () => undefined,
      (reason: unknown) => reason as FaceKeypointsError,
    );
    equal(error?.code, 'input-invalid');
    assert(String((error?.cause as Error).message).length > 0, 'the cause has come as text');
    equal(await codeOf(tracker.detect({} as FrameSource)), 'input-invalid');
    await tracker.close();
    const missing = { ...options(), model: '/no/such/model.json' };
    equal(await codeOf(WorkerTracker.create({ ...missing, worker: WORKER })), 'model-missing');
    equal(await codeOf(createTracker({ ...missing, worker: WORKER })), 'model-missing');
  });

  it('refuses what is pending when it is closed, and what comes later', async () => {
    const tracker = await WorkerTracker.create({ ...options(), worker: WORKER });
    const bitmap = await createImageBitmap(await picture());
    const pending = [tracker.track(bitmap, 0), tracker.track(bitmap, 33)].map(codeOf);
    await tracker.close();
    for (const code of await Promise.all(pending)) equal(code, 'tracker-closed');
    equal(await codeOf(tracker.track(bitmap, 66)), 'tracker-closed');
  });

  it('ends loading when its signal says so', async () => {
    const abort = new AbortController();
    const creating = createTracker({ ...options(), worker: WORKER, signal: abort.signal });
    abort.abort(new Error('not any more'));
    equal(await codeOf(creating), 'Error: not any more');
  });

  it('tells of a crash with `unexpected`', async () => {
    const script = `
      addEventListener('message', ({ data }) => {
        if (data.type === 'create') postMessage({ type: 'created', backend: 'wasm', metadata: {} });
        else setTimeout(() => { throw new Error('out of memory'); });
      });`;
    const worker = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const tracker = await WorkerTracker.create({ ...options(), worker });
    const bitmap = await createImageBitmap(await picture());
    for (let call = 0; call < 2; call++) equal(await codeOf(tracker.track(bitmap, call)), 'unexpected');
    await tracker.close();
  });

  it('gives a script up that neither starts nor fails', async () => {
    const { setTimeout } = window;
    const waits: number[] = [];
    window.setTimeout = ((run: () => void, ms: number) => {
      waits.push(ms);
      return setTimeout(run, ms / 100);
    }) as typeof window.setTimeout;
    try {
      const hanging = new Blob(['await new Promise(() => {})'], { type: 'text/javascript' });
      const worker = URL.createObjectURL(hanging);
      equal(await codeOf(WorkerTracker.create({ ...options(), worker })), 'backend-unavailable');
      equal(waits.join(), '30000', 'ms waited');
    } finally {
      window.setTimeout = setTimeout;
    }
  });

  it('takes the reactive objects of frameworks, which cannot be cloned', async () => {
    const reactive = <T extends object>(target: T): T => new Proxy(target, {});
    const tracker = await WorkerTracker.create({
      ...options(),
      worker: WORKER,
      smoothing: reactive({ minCutoff: 1 }),
    });
    const blob = await picture();
    tracker.configure({ smoothing: reactive({ minCutoff: 2 }) });
    equal((await tracker.track(blob, 0)).length, 1, 'faces');
    await tracker.close();
    const model = reactive(fakeLandmarkModel());
    equal(await codeOf(WorkerTracker.create({ ...options(), model, worker: WORKER })), 'backend-unavailable');
    const here = await createTracker({ ...options(), model, worker: WORKER });
    assert(here instanceof FaceTracker, 'on the page');
    await here.close();
  });

  it('has a typed error where the script cannot start; createTracker then works on the page', async () => {
    const blob = await picture();
    const broken = URL.createObjectURL(
      new Blob(['throw new Error("old browser")'], { type: 'text/javascript' }),
    );
    const scripts = { '/no/such/worker.js': 'backend-unavailable', [broken]: 'unexpected' };
    for (const [worker, code] of Object.entries(scripts)) {
      equal(await codeOf(WorkerTracker.create({ ...options(), worker })), code);
      const tracker = await createTracker({ ...options(), worker });
      assert(tracker instanceof FaceTracker, 'on the page');
      equal((await tracker.detect(blob)).length, 1, 'faces');
      await tracker.close();
    }
    const off = await createTracker({ ...options(), worker: false });
    assert(off instanceof FaceTracker, 'on the page, as told');
    await off.close();
  });
});
