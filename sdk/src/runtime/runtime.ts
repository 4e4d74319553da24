/** Chooses a backend, and hands tfjs out with it. */
import { FaceKeypointsError, toFaceKeypointsError } from '../errors.ts';
import { BACKENDS, type BackendName, type BackendOption, type WasmFiles } from './backend.ts';
import { isRunning, startOnce, type RunningBackend, type Start } from './backends/running.ts';
import { startWasm } from './backends/wasm.ts';
import { startWebGl } from './backends/webgl.ts';
import { startWebGpu } from './backends/webgpu.ts';
import { importTf, type Converter, type Tf } from './tf.ts';

export interface RuntimeOptions {
  /** `auto`, the default, takes the first of WebGPU, WebGL, WebAssembly that runs on real hardware. */
  readonly backend?: BackendOption;
  /** Folder (URL) of the `tfjs-backend-wasm*.wasm` files, or each one's address; by default the package's own. */
  readonly wasmPath?: string | WasmFiles;
  /**
   * Several threads for what tfjs computes on wasm: the detector, and convolutions where there is no relaxed SIMD. Needs a
   * cross-origin isolated page whose Content-Security-Policy allows `blob:` for scripts and workers, as tfjs starts its threads
   * from there; elsewhere it has no effect. Off by default.
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

const START: Record<BackendName, Start> = { webgpu: startWebGpu, webgl: startWebGl, wasm: startWasm };

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
      const running = await startOnce(tf, name, START[name], { named, wasmPath, threads });
      return runtimeOn(running, { tf, converter, backend: name });
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

function runtimeOn(running: RunningBackend, on: Pick<Runtime, 'tf' | 'converter' | 'backend'>): Runtime {
  const { tf, backend } = on;
  const reasonOf: Runtime['reasonOf'] = async (error) => {
    if (error instanceof FaceKeypointsError) return error;
    if (!running.lost && backend !== 'wasm') await new Promise((resolve) => setTimeout(resolve, 50));
    const remedy = 'Try again, or another backend.';
    return running.lost ?? toFaceKeypointsError(error, `Computing on ${backend}`, remedy);
  };
  return {
    ...on,
    device: running.device,
    get lost() {
      return running.lost;
    },
    untilLost: (promise) =>
      new Promise((resolve, reject) => {
        running.waiting.add(reject);
        promise.then(resolve, reject).finally(() => running.waiting.delete(reject));
        if (running.lost) reject(running.lost);
      }),
    async run(compute) {
      while (starting) await starting;
      if (running.lost) throw running.lost;
      if (tf.getBackend() !== backend) {
        const set = tf.setBackend(backend);
        // One that has been started is set at once. To wait for it would let another come in between.
        if (!isRunning(tf, backend)) {
          await set.catch(async (error: unknown) => {
            throw await reasonOf(error);
          });
        }
      }
      return compute();
    },
    reasonOf,
  };
}
