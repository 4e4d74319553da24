import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import { createRuntime, type BackendName } from '../../sdk/src/runtime/backend.ts';
import { normalizeCrop } from '../../sdk/src/crop/sample.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, hasModel, MODEL, WASM } from './support.ts';

/** The network's points for one crop, the same on each call. */
async function predict(backend: BackendName): Promise<Float32Array> {
  const runtime = await createRuntime({ backend, wasmPath: WASM });
  const network = await LandmarkNetwork.load(
    runtime,
    hasModel ? new URL(MODEL, location.href) : fakeLandmarkModel(),
  );
  try {
    const size = network.metadata.inputSize;
    const crop = new Float32Array(size * size);
    for (let i = 0; i < crop.length; i++) crop[i] = 128 + 60 * Math.sin(i / 37) * Math.cos(i / (size * 5));
    normalizeCrop(crop);
    const { keypoints, spread, presence } = await network.predict(crop, 1);
    return Float32Array.from([...keypoints, ...spread, ...presence]);
  } finally {
    network.dispose();
  }
}

describe('backends', () => {
  it('WebGPU and WebAssembly agree on a crop', async function () {
    this.timeout(200_000);
    if (!hasModel) console.log('with a small made-up network: there is no trained model yet');
    const wasm = await predict('wasm');
    const webgpu = await predict('webgpu');
    const worst = wasm.reduce((most, value, i) => Math.max(most, Math.abs(value - webgpu[i]!)), 0);
    assert(worst < 2e-3, `they differ by ${worst} crop units`);
  });
});
