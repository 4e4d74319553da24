import { EngineUnavailable } from '../unavailable.ts';

/** The npm package `webgpu`: Dawn for Node. */
interface DawnModule {
  readonly globals: Record<string, unknown>;
  create(options: string[]): GPU;
}

/**
 * Dawn's WebGPU. The backend looks for what a browser has: `navigator.gpu`, `self` and WebGPU's constants.
 * @throws EngineUnavailable without the package, or where it does not load
 */
export async function openDawn(): Promise<GPU> {
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
