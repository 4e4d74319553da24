import { isSoftwareAdapter } from '../software.ts';
import type { Tf } from '../tf.ts';
import { lose, removeBackend, use, type RunningBackend, type StartOptions } from './running.ts';

/** Gives tfjs a device of our own: it checks neither for a missing adapter nor for the device's loss. */
export async function startWebGpu(tf: Tf, { named }: StartOptions): Promise<RunningBackend> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (!gpu) throw new Error('not supported by this browser');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no adapter');
  if (!named && isSoftwareAdapter(adapter)) throw new Error('only a software adapter, slower than wasm');
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const started: RunningBackend = { device, waiting: new Set() };
  void device.lost.then(({ message, reason }) => lose('webgpu', started, message || reason));
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  removeBackend(tf, 'webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await use(tf, 'webgpu');
  return started;
}
