import type { Engine, Tf } from './engine.ts';
import { EngineUnavailable } from './unavailable.ts';

/** Names under which software shows up as a graphics adapter. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software/i;

/** The npm package `webgpu`: Dawn for Node. */
interface DawnModule {
  readonly globals: Record<string, unknown>;
  create(options: string[]): GPU;
}

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
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend('webgpu');
  await tf.ready();
  return { name: 'webgpu', tf, description: `tfjs webgpu ${tf.version_core} on ${name}` };
}

/** The backend looks for what a browser has: `navigator.gpu`, `self` and WebGPU's constants. */
async function openDawn(): Promise<GPU> {
  let dawn: DawnModule;
  try {
    const packageName = 'webgpu';
    dawn = (await import(packageName)) as DawnModule;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') {
      throw new EngineUnavailable(`the npm package webgpu does not load (${String(error).split('\n')[0]})`);
    }
    throw new EngineUnavailable(
      'the npm package webgpu is not installed; `npm install --no-save webgpu` installs it',
    );
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', gpu }, configurable: true });
  (globalThis as { self?: unknown }).self ??= globalThis;
  return gpu;
}
