/**
 * What a run of a landmark network on WebGPU costs as tfjs gives it to the GPU, and as it was recorded, in turns. With `?gpu` the
 * GPU computes; else it has no workgroups to run, and what is left is what giving it the work costs.
 */
import { LandmarkNetwork } from '../src/landmarks/network.ts';
import { createRuntime } from '../src/runtime/runtime.ts';

const WARM_UP = 10;
const ROUNDS = 100;

if (!new URLSearchParams(location.search).has('gpu')) {
  const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function () {
    return dispatchWorkgroups.call(this, 0);
  };
}

const runtime = await createRuntime({ backend: 'webgpu' });
const contenders: Record<string, LandmarkNetwork> = {};
for (const name of ['resnet18', 'lite']) {
  const model = new URL(`/sdk/models/${name}/model.json`, location.href);
  contenders[`${name}, by tfjs`] = await LandmarkNetwork.load({ ...runtime, device: undefined }, model);
  contenders[`${name}, recorded`] = await LandmarkNetwork.load(runtime, model);
}
const times = Object.fromEntries(Object.keys(contenders).map((what) => [what, [] as number[]]));
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const [what, network] of Object.entries(contenders)) {
    const { inputSize } = network.metadata;
    const crop = new Float32Array(inputSize * inputSize);
    const started = performance.now();
    await network.predict(crop, 1);
    if (round >= WARM_UP) times[what]!.push(performance.now() - started);
  }
}
Object.assign(globalThis, { times });
