import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import type { BackendName } from '../../sdk/src/runtime/backend.ts';
import { read, toTensor } from '../../sdk/src/runtime/graph.ts';
import { createRuntime } from '../../sdk/src/runtime/runtime.ts';
import { CpuCropper } from '../../sdk/src/crop/cropper.ts';
import { GpuCropper } from '../../sdk/src/crop/gpu-cropper.ts';
import { FrameReader } from '../../sdk/src/input/frame.ts';
import { FaceKeypointsError, FaceTracker, type TrackerOptions } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, hasModel, MODEL, picture, WASM } from './support.ts';

/** The drawn face of `picture`, px. */
const FACE = { cx: 635, cy: 770, size: 708, angle: 0 };

/** What the network says of one face and its mirror image, the same on each call. */
async function predict(backend: BackendName): Promise<Float32Array> {
  const runtime = await createRuntime({ backend, wasmPath: WASM });
  const network = await LandmarkNetwork.load(
    runtime,
    hasModel ? new URL(MODEL, location.href) : fakeLandmarkModel(),
  );
  try {
    const size = network.metadata.inputSize;
    const frame = await new FrameReader().read(await createImageBitmap(await picture()));
    const crop = new CpuCropper(size).crop(frame, [FACE]);
    const { keypoints, spread, presence } = await network.predictWithMirror(crop, 1);
    return Float32Array.from([...keypoints, ...spread, ...presence]);
  } finally {
    network.dispose();
  }
}

describe('backends', () => {
  it('WebGPU and WebAssembly agree on a face', async function () {
    this.timeout(200_000);
    if (!hasModel) console.log('with a small made-up network: there is no trained model yet');
    const wasm = await predict('wasm');
    const webgpu = await predict('webgpu');
    const worst = wasm.reduce((most, value, i) => Math.max(most, Math.abs(value - webgpu[i]!)), 0);
    if (hasModel) assert(wasm.at(-1)! > 0.9, 'it sees the face');
    // On the processor activations have 7 bits.
    assert(worst < 2e-3, `they differ by ${worst} crop units`);
  });

  it('GPU and CPU cut the same crops, of the frame as it was at the first', async function () {
    this.timeout(50_000);
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext('2d')!;
    context.drawImage(await createImageBitmap(await picture()), 0, 0, 320, 240);
    const frame = await new FrameReader().read(canvas);
    const regions = [
      { cx: 150, cy: 110, size: 170, angle: 0.3 },
      { cx: 170, cy: 120, size: 60, angle: -1 },
      { cx: 10, cy: 230, size: 150, angle: 0.5 },
      { cx: 500, cy: -90, size: 40, angle: 0 },
    ];
    const cpu = new CpuCropper(64).crop(frame, regions);
    const runtime = await createRuntime({ backend: 'webgpu' });
    const cropper = await GpuCropper.create(runtime.device!, 64);
    for (const time of ['first', 'second']) {
      const crop = cropper.crop(frame, regions);
      assert(!(crop instanceof Float32Array), 'cut on the GPU');
      const gpu = await read(runtime, () => toTensor(runtime.tf, crop, [4, 64, 64, 1]));
      const worst = cpu.reduce((most, value, i) => Math.max(most, Math.abs(value - gpu[i]!)), 0);
      assert(worst < 2e-3, `${time}: they differ by ${worst}`);
      context.clearRect(0, 0, 320, 240);
    }
    cropper.dispose();
  });

  it('a tracker that is aborted while the shaders of its crops are compiled is given up', async function () {
    this.timeout(50_000);
    const { device, tf } = await createRuntime({ backend: 'webgpu' });
    const before = tf.memory().numTensors;
    const { createComputePipelineAsync } = device!;
    const abort = new AbortController();
    device!.createComputePipelineAsync = (descriptor) => {
      if (descriptor.compute.entryPoint === 'cut') abort.abort('enough');
      return createComputePipelineAsync.call(device, descriptor);
    };
    try {
      const options = { ...optionsFor('webgpu'), signal: abort.signal };
      equal(await FaceTracker.create(options).catch((error: unknown) => error), 'enough');
      equal(tf.memory().numTensors, before, 'tensors');
    } finally {
      device!.createComputePipelineAsync = createComputePipelineAsync;
    }
  });

  it('a lost WebGL context is told, and a new tracker works', async function () {
    this.timeout(50_000);
    let gl: WebGL2RenderingContext | undefined;
    const { getContext } = OffscreenCanvas.prototype;
    OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
      const context = getContext.apply(this, args as never) as OffscreenRenderingContext | null;
      if (context instanceof WebGL2RenderingContext) gl = context;
      return context;
    } as typeof getContext;
    try {
      const image = await createImageBitmap(await picture());
      const tracker = await FaceTracker.create(optionsFor('webgl'));
      equal((await tracker.track(image, 0)).length, 1, 'faces');
      // The last one that was made is the backend's.
      gl!.getExtension('WEBGL_lose_context')!.loseContext();
      await lostTwice(tracker, image);
      const another = await FaceTracker.create(optionsFor('webgl'));
      equal((await another.track(image, 0)).length, 1, 'faces after the loss');
      await another.close();
    } finally {
      OffscreenCanvas.prototype.getContext = getContext;
    }
  });

  it('a lost WebGPU device is told, and a new tracker works', async function () {
    this.timeout(120_000);
    const image = await createImageBitmap(await picture());
    const tracker = await FaceTracker.create(optionsFor('webgpu'));
    equal((await tracker.track(image, 0)).length, 1, 'faces');
    const { device } = await createRuntime({ backend: 'webgpu' });
    device!.destroy();
    await lostTwice(tracker, image);
    const another = await FaceTracker.create(optionsFor('webgpu'));
    equal((await another.track(image, 0)).length, 1, 'faces after the loss');
    await another.close();
  });
});

function optionsFor(backend: BackendName): TrackerOptions {
  return { backend, model: fakeLandmarkModel(), detector: DETECTOR, wasmPath: WASM };
}

/** In the call that meets the loss, and in the one after. */
async function lostTwice(tracker: FaceTracker, image: ImageBitmap): Promise<void> {
  for (const time of [33, 66]) {
    const error: unknown = await tracker.track(image, time).then(
      () => 'nothing thrown',
      (reason: unknown) => reason,
    );
    const code = error instanceof FaceKeypointsError ? error.code : String(error);
    equal(code, 'device-lost', `at ${time} ms`);
  }
  await tracker.close();
}
