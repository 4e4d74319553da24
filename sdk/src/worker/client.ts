import { locateAssets, ownWasm, type AssetOptions } from '../assets.ts';
import { FaceKeypointsError } from '../errors.ts';
import type { Face } from '../face.ts';
import { unreadable, type FrameSource } from '../input/frame.ts';
import type { LandmarkMetadata } from '../landmarks/network.ts';
import {
  FaceTracker,
  trackerClosed,
  type Timings,
  type Tracker,
  type TrackerOptions,
  type TrackingOptions,
} from '../tracker.ts';
import { checkOptionNames } from '../option-names.ts';
import { TRACKER_OPTIONS, TRACKING_OPTIONS } from '../tracking/option-names.ts';
import { DEFAULT_TRACKING, withChanges } from '../tracking/options.ts';
import type { BackendName } from '../runtime/backend.ts';
import { shipFrame, type Shipment } from './frames.ts';
import { receiveError, type Request, type Response, type SentFrame, type SentOptions } from './protocol.ts';

export interface WorkerTrackerOptions extends TrackerOptions {
  /** The worker's script (URL); by default the package's own. */
  readonly worker?: AssetOptions['worker'];
}

/** A script that has neither started nor failed by then, ms, hangs on its way; a slow connection has loaded it. */
const START_LIMIT = 30_000;

const UNREADABLE = 'an answer could not be read';

interface Call {
  readonly resolve: (faces: Face[]) => void;
  readonly reject: (error: Error) => void;
}

type ToRequest = (id: number, frame: SentFrame) => Request;

/**
 * A tracker whose models run in a worker, so that the page's thread stays free; same results as `FaceTracker`'s.
 * Frames are taken when `track` or `detect` is called. Sources stay the caller's: a `VideoFrame` is cloned, bitmaps,
 * canvases and pixels are copied, and may be closed or changed once the call has returned its promise.
 */
export class WorkerTracker implements Tracker {
  readonly backend: BackendName;
  readonly metadata: LandmarkMetadata;
  readonly #worker: Worker;
  readonly #calls = new Map<number, Call>();
  #nextCall = 1;
  /** Frames go out in the order of the calls, though some take longer to be taken. */
  #shipping: Promise<unknown> = Promise.resolve();
  #options: TrackingOptions;
  #timings: Timings = { detect: 0, landmarks: 0 };
  /** Why there will be no more answers. */
  #ended: FaceKeypointsError | undefined;

  private constructor(
    worker: Worker,
    { backend, metadata }: Pick<Tracker, 'backend' | 'metadata'>,
    options: TrackingOptions,
  ) {
    this.#worker = worker;
    this.backend = backend;
    this.metadata = metadata;
    this.#options = options;
    worker.onmessage = ({ data }: MessageEvent<Response>) => this.#receive(data);
    worker.onmessageerror = () => this.#end(crashed(UNREADABLE));
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(crashed(event.message));
    };
  }

  /**
   * Starts a worker and loads both models in it.
   * @throws FaceKeypointsError `backend-unavailable` also where no worker can start (no module workers, its script not
   *   found, not allowed by `worker-src` or not there within 30 s) and where a model in memory cannot be sent to one;
   *   `unexpected` where it crashes; else as `FaceTracker.create`
   */
  static async create(options: WorkerTrackerOptions = {}): Promise<WorkerTracker> {
    const { signal, onProgress, backend, threads } = options;
    checkOptionNames(options, TRACKER_OPTIONS);
    const tracking = withChanges(DEFAULT_TRACKING, options);
    const { model, detector, wasmPath = ownWasm(), worker: script } = locateAssets(options);
    signal?.throwIfAborted();
    const worker = startWorker(script);
    const sent: SentOptions = {
      model,
      detector,
      wasmPath,
      ...(backend !== undefined && { backend }),
      ...(threads !== undefined && { threads }),
      ...tracking,
    };
    try {
      const created = await createIn(worker, script, sent, { signal, onProgress });
      return new WorkerTracker(worker, created, tracking);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  get options(): TrackingOptions {
    return this.#options;
  }

  get timings(): Timings {
    return this.#timings;
  }

  /** @throws FaceKeypointsError as `FaceTracker`; `unexpected` when the worker has crashed: create another tracker */
  track(source: FrameSource, timestamp: number = performance.now()): Promise<Face[]> {
    return this.#call(source, (id, frame) => ({ type: 'track', id, frame, timestamp }));
  }

  /** @throws FaceKeypointsError as `track` */
  detect(source: FrameSource): Promise<Face[]> {
    return this.#call(source, (id, frame) => ({ type: 'detect', id, frame }));
  }

  configure(options: Partial<TrackingOptions>): void {
    checkOptionNames(options, TRACKING_OPTIONS);
    this.#options = withChanges(this.#options, options);
    this.#tell({ type: 'configure', options: this.#options });
  }

  reset(): void {
    this.#tell({ type: 'reset' });
  }

  /** Ends the worker at once; what is pending is refused with `tracker-closed`. */
  async close(): Promise<void> {
    this.#end(trackerClosed());
  }

  async #call(source: FrameSource, toRequest: ToRequest): Promise<Face[]> {
    if (this.#ended) throw this.#ended;
    const before = this.#shipping;
    return new Promise<Face[]>((resolve, reject) => {
      const posted = Promise.all([shipFrame(source), before]).then(([shipment]) =>
        this.#post(shipment, toRequest, { resolve, reject }),
      );
      posted.catch(reject);
      // Not the frame's taking but its posting: what is told next must not overtake it.
      this.#shipping = Promise.allSettled([before, posted]);
    });
  }

  #post({ frame, transfer }: Shipment, toRequest: ToRequest, call: Call): void {
    try {
      if (this.#ended) throw this.#ended;
      const id = this.#nextCall++;
      this.#worker.postMessage(toRequest(id, frame), [...transfer]);
      this.#calls.set(id, call);
    } catch (cause) {
      if ('close' in frame) frame.close();
      throw this.#ended ?? unreadable(cause);
    }
  }

  /** In its place among the frames of earlier calls. */
  #tell(request: Request): void {
    this.#shipping = this.#shipping.then(() => {
      if (!this.#ended) this.#worker.postMessage(request);
    });
  }

  #receive(response: Response): void {
    if (response.type === 'failed') return this.#end(receiveError(response.error));
    if (response.type !== 'faces' && response.type !== 'error') return;
    const call = this.#calls.get(response.id);
    this.#calls.delete(response.id);
    if (response.type === 'error') return call?.reject(receiveError(response.error));
    this.#timings = response.timings;
    return call?.resolve(response.faces);
  }

  #end(reason: FaceKeypointsError): void {
    if (this.#ended) {
      // A crashed one can still be closed.
      this.#ended = reason;
      return;
    }
    this.#ended = reason;
    this.#worker.terminate();
    for (const { reject } of this.#calls.values()) reject(reason);
    this.#calls.clear();
  }
}

/**
 * A tracker in a worker where the browser allows it, else on this thread; same results. Which it has become, `instanceof`
 * tells. `worker: false` never starts one; an address is that of the script.
 * @throws FaceKeypointsError as `FaceTracker.create`
 */
export async function createTracker(
  options: TrackerOptions & { readonly worker?: boolean | string | URL } = {},
): Promise<Tracker> {
  const { worker = true, ...rest } = options;
  if (worker === false || typeof Worker === 'undefined') return FaceTracker.create(rest);
  try {
    return await WorkerTracker.create(worker === true ? rest : { ...rest, worker });
  } catch (error) {
    const { code } = error as Partial<FaceKeypointsError>;
    // Without a worker, or without this backend in one, this thread may still have it.
    if (code !== 'backend-unavailable' && code !== 'unexpected') throw error;
    return FaceTracker.create(rest);
  }
}

/** Has a worker make its tracker. @throws as `WorkerTracker.create` */
function createIn(
  worker: Worker,
  script: string,
  options: SentOptions,
  { signal, onProgress }: Pick<TrackerOptions, 'signal' | 'onProgress'>,
): Promise<Pick<Tracker, 'backend' | 'metadata'>> {
  const answered = new AbortController();
  const created = new Promise<Pick<Tracker, 'backend' | 'metadata'>>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: answered.signal });
    const limit = setTimeout(() => reject(cannotStart(script, new Error('no answer'))), START_LIMIT);
    answered.signal.addEventListener('abort', () => clearTimeout(limit));
    // An error without a message is the script's that could not be loaded.
    worker.onerror = (event) => {
      event.preventDefault();
      reject(event.message ? crashed(event.message) : cannotStart(script, event));
    };
    worker.onmessageerror = () => reject(crashed(UNREADABLE));
    worker.onmessage = ({ data }: MessageEvent<Response>) => {
      clearTimeout(limit);
      if (data.type === 'progress') onProgress?.(data.progress);
      else if (data.type === 'created') resolve(data);
      else if (data.type === 'failed') reject(receiveError(data.error));
    };
    try {
      worker.postMessage({ type: 'create', options } satisfies Request);
    } catch (cause) {
      reject(notClonable(cause));
    }
  });
  return created.finally(() => answered.abort());
}

function startWorker(script: string): Worker {
  try {
    return new Worker(script, { type: 'module', name: 'face-keypoints' });
  } catch (cause) {
    throw cannotStart(script, cause);
  }
}

function cannotStart(script: string, cause: unknown): FaceKeypointsError {
  return new FaceKeypointsError(
    'backend-unavailable',
    `The worker ${script} cannot start. Serve it from the page's own origin, allow it in worker-src, or use createTracker, which then works on the page's thread.`,
    { cause },
  );
}

function notClonable(cause: unknown): FaceKeypointsError {
  return new FaceKeypointsError(
    'backend-unavailable',
    "These options cannot be sent to a worker: a model in memory must be plain data. Pass its address, or use createTracker, which then works on the page's thread.",
    { cause },
  );
}

function crashed(reason: string): FaceKeypointsError {
  return new FaceKeypointsError(
    'unexpected',
    `The worker failed (${reason || 'no reason given'}). Create another tracker.`,
  );
}
