import type { Engine, Tf } from './engine.ts';
import { EngineUnavailable } from './unavailable.ts';
import { openDawn } from './webgpu/dawn.ts';
import { engineOn, requestDevice } from './webgpu/engine-on.ts';

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
  const device = await requestDevice(adapter).catch((error: unknown) => {
    throw new EngineUnavailable(`WebGPU refuses a device on ${name} (${String(error)})`);
  });
  const tf: Tf = await import('@tensorflow/tfjs');
  return engineOn(tf, device, adapter.info, name);
}
