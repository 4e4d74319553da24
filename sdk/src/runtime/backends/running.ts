/** The backends that tfjs runs. It has one of each for the whole page, so what is known of them is kept once as well. */
import { FaceKeypointsError } from '../../errors.ts';
import type { BackendName, WasmFiles } from '../backend.ts';
import type { Tf } from '../tf.ts';

/** A started backend, shared by every runtime on it. After the loss of its device another takes its place. */
export interface RunningBackend {
  /** WebGPU's. */
  readonly device?: GPUDevice;
  /** Set once the device is gone. */
  lost?: FaceKeypointsError;
  /** Told of that. */
  readonly waiting: Set<(lost: FaceKeypointsError) => void>;
}

export interface StartOptions {
  /** Asked for by name, so also where `auto` would pass it over. */
  readonly named: boolean;
  readonly wasmPath: string | WasmFiles | undefined;
  readonly threads: boolean;
}

/** Makes a backend and has tfjs use it. @throws Error that says why it cannot run here */
export type Start = (tf: Tf, options: StartOptions) => Promise<RunningBackend>;

const running = new Map<BackendName, RunningBackend>();

/** tfjs on the backend of that name: the one that runs, or a new one. @throws as `start` */
export async function startOnce(
  tf: Tf,
  name: BackendName,
  start: Start,
  options: StartOptions,
): Promise<RunningBackend> {
  const known = running.get(name);
  if (known && !known.lost && isRunning(tf, name)) {
    await use(tf, name);
    return known;
  }
  const started = await start(tf, options);
  running.set(name, started);
  return started;
}

/** Tells everyone on `backend` that its device is gone. */
export function lose(name: BackendName, backend: RunningBackend, reason: string): void {
  const lost = new FaceKeypointsError(
    'device-lost',
    `The graphics device was lost (${reason}). Close this tracker and create another one.`,
  );
  backend.lost = lost;
  if (running.get(name) === backend) running.delete(name);
  for (const reject of backend.waiting) reject(lost);
}

export async function use(tf: Tf, name: BackendName): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error('did not start');
  await tf.ready();
}

export function isRunning(tf: Tf, name: BackendName): boolean {
  return name in tf.engine().registry;
}

/** Where tfjs has none of that name, nothing happens. */
export function removeBackend(tf: Tf, name: BackendName): void {
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
