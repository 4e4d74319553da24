import { ownWasm } from '../assets.ts';
import { FaceKeypointsError, toFaceKeypointsError } from '../errors.ts';
import { inNode } from './environment.ts';
import { isSoftwareAdapter, isSoftwareRenderer } from './software.ts';
import { importTf, type Converter, type Tf } from './tf.ts';

/** In the order in which `auto` tries them. */
export const BACKENDS = ['webgpu', 'webgl', 'wasm'] as const;
export type BackendName = (typeof BACKENDS)[number];
export type BackendOption = BackendName | 'auto';

/** The wasm binaries' addresses (URL), where a build has renamed them: without and with SIMD, and with threads as well. */
export type WasmFiles = Readonly<
  Record<
    'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm',
    string
  >
>;

export interface RuntimeOptions {
  /** `auto`, the default, takes the first of WebGPU, WebGL, WebAssembly that runs on real hardware. */
  readonly backend?: BackendOption;
  /** Folder (URL) of the `tfjs-backend-wasm*.wasm` files, or each one's address; by default the package's own. */
  readonly wasmPath?: string | WasmFiles;
  /**
   * Let wasm use several threads. Needs a cross-origin isolated page whose Content-Security-Policy allows `blob:` for
   * scripts and workers, as tfjs starts its threads from there; elsewhere it has no effect. Off by default.
   */
  readonly threads?: boolean;
}

/** tfjs with a backend that works, and the news when it no longer does. */
export interface Runtime {
  readonly tf: Tf;
  readonly converter: Converter;
  readonly backend: BackendName;
  /** The device of the WebGPU backend, for kernels of our own. */
  readonly device: GPUDevice | undefined;
  /** Set once the GPU device is gone; nothing of this runtime works from then on. */
  readonly lost: FaceKeypointsError | undefined;
  /** `promise`, or a rejection as soon as the device is lost: reading from a lost WebGL context never ends. */
  untilLost<T>(promise: Promise<T>): Promise<T>;
  /**
   * Calls `compute` while this runtime's backend is tfjs's current one: several trackers may share tfjs, each on a backend
   * of its own. What comes after the first `await` in it may meet another.
   * @throws FaceKeypointsError `device-lost`, `unexpected` when the backend fails; else what `compute` throws
   */
  run<T>(compute: () => T | Promise<T>): Promise<T>;
  /** Why a run failed: an error of ours as it is, the device's loss, whose news may come a moment later, or `unexpected`. */
  reasonOf(error: unknown): Promise<FaceKeypointsError>;
}

/** The lost device of a backend, told to every runtime on it. Reset when the backend is made anew. */
interface Health {
  device?: GPUDevice;
  lost?: FaceKeypointsError;
  readonly waiting: Set<(lost: FaceKeypointsError) => void>;
}
const health = new Map<BackendName, Health>();

/**
 * Starts the first backend that works.
 * @throws FaceKeypointsError `backend-unavailable`, when the named one, or each of them under `auto`, cannot run here;
 *   `option-invalid`
 */
export function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  // One after another: two at once would each make a device and tear down the other's.
  const runtime = (starting ?? Promise.resolve()).then(() => start(options));
  const settled = runtime.then(
    () => undefined,
    () => undefined,
  );
  starting = settled;
  void settled.then(() => {
    if (starting === settled) starting = undefined;
  });
  return runtime;
}

/** Until it settles tfjs has no current backend that could be computed on. */
let starting: Promise<void> | undefined;

async function start({ backend = 'auto', wasmPath, threads = false }: RuntimeOptions): Promise<Runtime> {
  if (backend !== 'auto' && !BACKENDS.includes(backend)) {
    throw new FaceKeypointsError(
      'option-invalid',
      `Unknown backend "${String(backend)}". Use one of: auto, ${BACKENDS.join(', ')}.`,
    );
  }
  const { tf, converter } = await importTf();
  const named = backend !== 'auto';
  const reasons: string[] = [];
  let cause: unknown;
  for (const name of named ? [backend] : BACKENDS) {
    try {
      const state = await START[name](tf, { named, wasmPath, threads });
      const reasonOf: Runtime['reasonOf'] = async (error) => {
        if (error instanceof FaceKeypointsError) return error;
        if (!state.lost && name !== 'wasm') await new Promise((resolve) => setTimeout(resolve, 50));
        const remedy = 'Try again, or another backend.';
        return state.lost ?? toFaceKeypointsError(error, `Computing on ${name}`, remedy);
      };
      return {
        tf,
        converter,
        backend: name,
        device: state.device,
        get lost() {
          return state.lost;
        },
        untilLost: (promise) =>
          new Promise((resolve, reject) => {
            if (state.lost) return reject(state.lost);
            state.waiting.add(reject);
            promise.then(resolve, reject).finally(() => state.waiting.delete(reject));
          }),
        async run(compute) {
          while (starting) await starting;
          if (state.lost) throw state.lost;
          if (tf.getBackend() !== name) {
            const set = tf.setBackend(name);
            // One that has been started is set at once. To wait for it would let another come in between.
            if (!isRunning(tf, name)) {
              await set.catch(async (error: unknown) => {
                throw await reasonOf(error);
              });
            }
          }
          return compute();
        },
        reasonOf,
      };
    } catch (error) {
      cause = error;
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new FaceKeypointsError(
    'backend-unavailable',
    `No backend can run here (${reasons.join('; ')}). ` +
      (named
        ? 'Use backend "auto", or another browser.'
        : 'Check that the wasm files are served, or update the browser.'),
    { cause },
  );
}

interface StartOptions {
  readonly named: boolean;
  readonly wasmPath: string | WasmFiles | undefined;
  readonly threads: boolean;
}

type Start = (tf: Tf, options: StartOptions) => Promise<Health>;

const START: Record<BackendName, Start> = { webgpu: startWebGpu, webgl: startWebGl, wasm: startWasm };

/** Gives tfjs a device of our own: it checks neither for a missing adapter nor for the device's loss. */
async function startWebGpu(tf: Tf, { named }: StartOptions): Promise<Health> {
  const running = health.get('webgpu');
  if (running && !running.lost && isRunning(tf, 'webgpu')) {
    await use(tf, 'webgpu');
    return running;
  }
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
  const state: Health = { device, waiting: new Set() };
  void device.lost.then((info) => {
    lose(state, info.message || info.reason);
    if (health.get('webgpu') === state) health.delete('webgpu');
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  removeBackend(tf, 'webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await use(tf, 'webgpu');
  health.set('webgpu', state);
  return state;
}

async function startWebGl(tf: Tf, { named }: StartOptions): Promise<Health> {
  const running = health.get('webgl');
  if (running && !running.lost && isRunning(tf, 'webgl')) {
    await use(tf, 'webgl');
    return running;
  }
  const renderer = webGlRenderer();
  if (renderer === undefined) throw new Error('not supported by this browser');
  if (!named && isSoftwareRenderer(renderer)) throw new Error('only a software renderer, slower than wasm');
  const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
  // Its import registers it only once, so not after a loss.
  removeBackend(tf, 'webgl');
  tf.registerBackend('webgl', () => new MathBackendWebGL(), 2);
  const state: Health = { waiting: new Set() };
  await use(tf, 'webgl');
  const { gpgpu } = tf.backend() as unknown as { gpgpu?: { gl: WebGLRenderingContext } };
  gpgpu?.gl.canvas.addEventListener('webglcontextlost', () => {
    lose(state, 'WebGL context lost');
    if (health.get('webgl') !== state) return;
    health.delete('webgl');
    removeBackend(tf, 'webgl');
  });
  health.set('webgl', state);
  return state;
}

async function startWasm(tf: Tf, { wasmPath, threads }: StartOptions): Promise<Health> {
  const running = health.get('wasm');
  if (running && isRunning(tf, 'wasm')) {
    await use(tf, 'wasm');
    return running;
  }
  if (typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not supported or not allowed');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // In Node, tfjs finds the files of its own package.
  if (wasmPath !== undefined || !inNode()) setWasmPaths(toWasmPaths(wasmPath ?? ownWasm()));
  // tfjs hangs where its threads cannot start. In Node it has none.
  if (!inNode()) {
    const allowed = threads && globalThis.crossOriginIsolated && (await blobScriptsAllowed());
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', allowed);
  }
  const state: Health = { waiting: new Set() };
  await use(tf, 'wasm');
  health.set('wasm', state);
  return state;
}

async function use(tf: Tf, name: BackendName): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error('did not start');
  await tf.ready();
}

function removeBackend(tf: Tf, name: BackendName): void {
  const engine = tf.engine();
  if (!(name in engine.registryFactory)) return;
  try {
    tf.removeBackend(name);
  } catch {
    // What a lost device held cannot be released; it went with it.
    delete engine.registry[name];
    delete engine.registryFactory[name];
  }
}

function isRunning(tf: Tf, name: BackendName): boolean {
  return name in tf.engine().registry;
}

function lose(state: Health, reason: string): void {
  const lost = new FaceKeypointsError(
    'device-lost',
    `The graphics device was lost (${reason}). Close this tracker and create another one.`,
  );
  state.lost = lost;
  for (const reject of state.waiting) reject(lost);
}

/** The renderer's name, '' when it is kept secret; undefined without WebGL 2. */
function webGlRenderer(): string | undefined {
  const canvas =
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(1, 1)
      : typeof document !== 'undefined'
        ? document.createElement('canvas')
        : undefined;
  const gl = canvas?.getContext('webgl2') as WebGL2RenderingContext | null | undefined;
  if (!gl) return undefined;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? '');
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return renderer;
}

/** tfjs appends the files' names to a folder; its loader in Node wants a path rather than a file: URL. */
function toWasmPaths(path: string | WasmFiles): string | WasmFiles {
  const local = (url: string): string =>
    url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url;
  if (typeof path === 'string') return local(path.endsWith('/') ? path : `${path}/`);
  return Object.fromEntries(Object.entries(path).map(([name, url]) => [name, local(url)])) as WasmFiles;
}

/** Tries what tfjs will do: a worker from a blob: URL that loads a script from another one. */
async function blobScriptsAllowed(): Promise<boolean> {
  if (typeof Worker === 'undefined') return false;
  const urlOf = (code: string): string => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const inner = urlOf('postMessage(1)');
  const outer = urlOf(`importScripts(${JSON.stringify(inner)})`);
  let worker: Worker | undefined;
  try {
    const probe = (worker = new Worker(outer));
    return await new Promise<boolean>((resolve) => {
      probe.onmessage = () => resolve(true);
      probe.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
      setTimeout(() => resolve(false), 2000);
    });
  } catch {
    return false;
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(inner);
    URL.revokeObjectURL(outer);
  }
}
