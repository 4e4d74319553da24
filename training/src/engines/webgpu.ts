import type { Engine, Tf } from './engine.ts';
import { EngineUnavailable } from './unavailable.ts';
import { fusedBatchNorm } from './webgpu/batch-norm.ts';
import { replaceConvolutions } from './webgpu/convolution-kernels.ts';
import { openDawn } from './webgpu/dawn.ts';
import { Programs, type GpuBackend } from './webgpu/programs.ts';
import { fusedRelu } from './webgpu/relu.ts';
import { inPlaceUpdates } from './webgpu/update.ts';

/** Names under which software shows up as a graphics adapter. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software/i;

/**
 * WebGPU through Dawn (npm `webgpu`).
 * @param allowSoftware take an adapter that computes on the processor, which is slower than the wasm engine
 * @throws EngineUnavailable without the package, or without an adapter
 */
export async function startWebGpu(allowSoftware: boolean): Promise<Engine> {
  const gpu = await openDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new EngineUnavailable(
      'WebGPU finds no graphics adapter; on Linux it needs a Vulkan driver and libvulkan1',
    );
  }
  const { description, device: model, vendor } = adapter.info;
  const name = description || model || vendor || 'unnamed adapter';
  if (!allowSoftware && SOFTWARE.test(`${description} ${model} ${vendor}`)) {
    throw new EngineUnavailable(`WebGPU has only a software adapter (${name}), slower than wasm`);
  }
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = adapter.limits;
  const device = await adapter
    .requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension },
    })
    .catch((error: unknown) => {
      throw new EngineUnavailable(`WebGPU refuses a device on ${name} (${String(error)})`);
    });
  const tf: Tf = await import('@tensorflow/tfjs');
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');
  await tf.ready();
  const programs = new Programs(backend as unknown as GpuBackend);
  replaceConvolutions(tf, programs);
  return {
    name: 'webgpu',
    tf,
    description: `tfjs webgpu ${tf.version_core} on ${name}`,
    batchNorm: fusedBatchNorm(tf, programs),
    relu: fusedRelu(tf, programs),
    inPlace: inPlaceUpdates(tf, programs),
    [Symbol.dispose]: () => device.destroy(),
  };
}
