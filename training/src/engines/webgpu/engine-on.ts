import type { Engine, Tf } from '../engine.ts';
import { fusedBatchNorm } from './batch-norm.ts';
import { replaceConvolutions } from './convolution-kernels.ts';
import { Programs, type GpuBackend } from './programs.ts';
import { fusedRelu } from './relu.ts';
import { inPlaceUpdates } from './update.ts';

/** A device that may hold tensors as large as its adapter allows. */
export function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = adapter.limits;
  return adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension },
  });
}

/** tfjs-webgpu on this device, with our programs where it has slow ones or none. */
export async function engineOn(
  tf: Tf,
  device: GPUDevice,
  info: GPUAdapterInfo,
  name: string,
): Promise<Engine> {
  // After WebGPU is there to be looked for.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const backend = new WebGPUBackend(device, info);
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
