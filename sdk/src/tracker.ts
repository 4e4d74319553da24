import { locateAssets, type AssetOptions } from './assets.ts';
import { CpuCropper, type Cropper } from './crop/cropper.ts';
import { regionOfDetection } from './crop/detection-region.ts';
import type { Region } from './crop/region.ts';
import { BlazeFace } from './detector/blazeface.ts';
import { FaceKeypointsError } from './errors.ts';
import { boxOfPoints, boxOverlap, regionOfFinding, toFinding, type Face, type Finding } from './face.ts';
import { FrameReader, type Frame, type FrameSource } from './input/frame.ts';
import { measureExpression } from './landmarks/expression.ts';
import { LandmarkNetwork, type LandmarkMetadata } from './landmarks/network.ts';
import { estimatePose, isPlausibleFace } from './landmarks/pose.ts';
import { createRuntime, type BackendName, type BackendOption, type Runtime } from './runtime/backend.ts';
import { GpuCropper } from './runtime/webgpu/gpu-cropper.ts';
import type { LoadProgress } from './runtime/model-store.ts';
import { checkSmoothing, PointFilter, type SmoothingOptions } from './smoothing/one-euro.ts';

export interface TrackerOptions extends Omit<AssetOptions, 'worker'> {
  readonly backend?: BackendOption;
  /** Several threads for wasm, where the page allows them (see `RuntimeOptions`); off by default. */
  readonly threads?: boolean;
  /** Most faces at once, 1 by default; each costs one run of the landmark model per frame. */
  readonly maxFaces?: number;
  /** On by default for `track`; `detect` never smooths. */
  readonly smoothing?: boolean | SmoothingOptions;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Ends loading; `create` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long the last call spent where, ms. 0: did not run. */
export interface Timings {
  readonly detect: number;
  readonly landmarks: number;
}

/** What can be changed while a tracker runs. */
export interface TrackingOptions {
  /** Most faces at once, a whole number from 1. */
  readonly maxFaces: number;
  /** `true`: with `DEFAULT_SMOOTHING`. */
  readonly smoothing: boolean | SmoothingOptions;
}

/** Finds and follows faces; on this thread (`FaceTracker`) or in a worker. */
export interface Tracker {
  /** Where the models run. */
  readonly backend: BackendName;
  /** What the landmark model says of itself. */
  readonly metadata: LandmarkMetadata;
  /** Of the last call. */
  readonly timings: Timings;
  /** As in force now. */
  readonly options: TrackingOptions;
  /**
   * The faces of the next frame of a stream.
   * @param timestamp ms, growing; of the frame where it is known
   * @throws FaceKeypointsError `input-invalid`, `device-lost` (create a new tracker), `tracker-closed`
   */
  track(source: FrameSource, timestamp?: number): Promise<Face[]>;
  /**
   * The faces of a still, not smoothed and independent of what `track` follows; largest first. Ids count from 1.
   * @throws FaceKeypointsError as `track`
   */
  detect(source: FrameSource): Promise<Face[]>;
  /**
   * Changes options from the next call on, without loading anything; those left out stay. Faces keep their ids and
   * what smoothing knows of them. With fewer `maxFaces` those followed longest stay.
   * @throws FaceKeypointsError `option-invalid`, and then nothing has changed
   */
  configure(options: Partial<TrackingOptions>): void;
  /** Forgets the faces that `track` follows, for another stream. */
  reset(): void;
  /** Frees the models once what is in work has ended; later calls are refused. */
  close(): Promise<void>;
}

interface Track {
  readonly id: number;
  readonly filter: PointFilter;
  finding: Finding;
}

/** Below this probability a crop holds no face. */
const MIN_PRESENCE = 0.5;
/** Two faces that share more than this of the smaller box are one. */
const SAME_FACE = 0.5;
const SPARE_CANDIDATES = 2;
/** While there is room for more faces, the detector looks for them this often, ms. */
const SEARCH_INTERVAL = 500;

/**
 * Finds 68 landmarks per face: frame -> detector, only while a face is missing -> crop -> landmarks -> smoothing.
 * Calls are worked off one after another; drop frames while one is in work, or they queue.
 */
export class FaceTracker implements Tracker {
  readonly #runtime: Runtime;
  readonly #detector: BlazeFace;
  readonly #network: LandmarkNetwork;
  readonly #cropper: Cropper;
  readonly #reader = new FrameReader();
  #options: TrackingOptions;
  #tracks: Track[] = [];
  #nextId = 1;
  #lastSearch = -Infinity;
  /** Counts resets, so that a frame in work does not bring back what was forgotten. */
  #stream = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;
  #timings = { detect: 0, landmarks: 0 };

  private constructor(
    runtime: Runtime,
    detector: BlazeFace,
    network: LandmarkNetwork,
    options: TrackingOptions,
  ) {
    this.#runtime = runtime;
    this.#detector = detector;
    this.#network = network;
    this.#cropper = runtime.device ? new GpuCropper(runtime, runtime.device) : new CpuCropper();
    this.#options = options;
  }

  /**
   * Starts a backend and loads both models.
   * @throws FaceKeypointsError `backend-unavailable`, `model-missing`, `model-corrupt`, `model-unsupported`, `option-invalid`
   */
  static async create(options: TrackerOptions = {}): Promise<FaceTracker> {
    const { model, detector, wasmPath } = locateAssets(options);
    const { signal } = options;
    const tracking = withChanges({ maxFaces: 1, smoothing: true }, options);
    signal?.throwIfAborted();
    const runtime = await createRuntime({ ...options, wasmPath });
    const loaded = await Promise.allSettled([
      BlazeFace.load(runtime, detector, options),
      LandmarkNetwork.load(runtime, model, options),
    ]);
    const [blazeFace, network] = loaded;
    if (blazeFace.status === 'fulfilled' && network.status === 'fulfilled' && !signal?.aborted) {
      return new FaceTracker(runtime, blazeFace.value, network.value, tracking);
    }
    for (const result of loaded) if (result.status === 'fulfilled') result.value.dispose();
    signal?.throwIfAborted();
    throw (network.status === 'rejected' ? network : (blazeFace as PromiseRejectedResult)).reason;
  }

  get backend(): BackendName {
    return this.#runtime.backend;
  }

  get metadata(): LandmarkMetadata {
    return this.#network.metadata;
  }

  get timings(): Timings {
    return this.#timings;
  }

  get options(): TrackingOptions {
    return this.#options;
  }

  configure(options: Partial<TrackingOptions>): void {
    this.#options = withChanges(this.#options, options);
  }

  track(source: FrameSource, timestamp: number = performance.now()): Promise<Face[]> {
    const stream = this.#stream;
    const { maxFaces, smoothing } = this.#options;
    return this.#enqueue(source, async (frame) => {
      // Asked for before a reset: answered, but remembered by nobody.
      const stale = (): boolean => stream !== this.#stream;
      const before = stale() ? [] : this.#tracks.slice(0, maxFaces);
      const found = await this.#locate(
        frame,
        before.map(({ finding }) => this.#regionOf(finding)),
      );
      const tracks = withoutDuplicates(
        before.filter((track, i) => {
          const finding = found[i];
          if (finding) track.finding = finding;
          return finding !== undefined;
        }),
      );
      if (!stale()) this.#tracks = tracks;
      const lost = tracks.length < before.length;
      const room = maxFaces - tracks.length;
      // A step back in time is another stream.
      const due = Math.abs(timestamp - this.#lastSearch) >= SEARCH_INTERVAL;
      if (room > 0 && (tracks.length === 0 || lost || due)) {
        if (!stale()) this.#lastSearch = timestamp;
        for (const finding of await this.#search(frame, tracks, room)) {
          tracks.push({ id: this.#nextId++, filter: new PointFilter(), finding });
        }
      }
      return tracks.map(({ id, filter, finding }) => {
        if (smoothing === false) {
          filter.reset();
          return toFace(id, finding, finding.points);
        }
        filter.configure(smoothing === true ? {} : smoothing);
        return toFace(id, finding, filter.filter(finding.points, finding.size, timestamp));
      });
    });
  }

  detect(source: FrameSource): Promise<Face[]> {
    const { maxFaces } = this.#options;
    return this.#enqueue(source, async (frame) => {
      const found = await this.#search(frame, [], maxFaces);
      return found.map((finding, i) => toFace(i + 1, finding, finding.points));
    });
  }

  reset(): void {
    this.#stream++;
    this.#tracks = [];
    this.#lastSearch = -Infinity;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue;
    this.#tracks = [];
    this.#cropper.dispose();
    this.#detector.dispose();
    this.#network.dispose();
  }

  /** New faces: detector, then landmarks twice, the second time around the points of the first. */
  async #search(frame: Frame, known: readonly Track[], room: number): Promise<Finding[]> {
    const start = performance.now();
    const detections = await this.#detector.detect(frame.pixels());
    this.#timings.detect = performance.now() - start;
    // A few more than there is room for: the landmark network tells better what is a face.
    const fresh = detections
      .filter(({ box }) =>
        known.every(({ finding }) => boxOverlap(box, boxOfPoints(finding.points)) < SAME_FACE),
      )
      .slice(0, room + SPARE_CANDIDATES);
    const regions = fresh.map((detection) => regionOfDetection(detection, this.#network.metadata.cropFactor));
    const first = (await this.#locate(frame, regions))
      .filter((finding) => finding !== undefined)
      .sort((a, b) => b.size - a.size)
      .slice(0, room);
    const second = await this.#locate(
      frame,
      first.map((finding) => this.#regionOf(finding)),
    );
    const found = second.filter((finding) => finding !== undefined).map((finding) => ({ finding }));
    return withoutDuplicates([...known, ...found])
      .slice(known.length)
      .map(({ finding }) => finding);
  }

  /** Landmarks in each region; undefined where there is no face. */
  async #locate(frame: Frame, regions: readonly Region[]): Promise<(Finding | undefined)[]> {
    if (regions.length === 0) return [];
    const start = performance.now();
    await this.#runtime.activate();
    const crops = this.#cropper.crop(frame, regions, this.#network.metadata.inputSize);
    const output = await this.#network.predict(crops, regions.length).finally(() => {
      if (!(crops instanceof Float32Array) && !this.#runtime.lost) crops.dispose();
    });
    this.#timings.landmarks += performance.now() - start;
    return regions.map((region, i) => {
      const finding = toFinding(output, i, region);
      return finding.presence >= MIN_PRESENCE && isPlausibleFace(finding.points) ? finding : undefined;
    });
  }

  #regionOf(finding: Finding): Region {
    return regionOfFinding(finding, this.#network.metadata.cropFactor);
  }

  #enqueue(source: FrameSource, work: (frame: Frame) => Promise<Face[]>): Promise<Face[]> {
    if (this.#closed) {
      const message = 'This tracker is closed. Create another one.';
      return Promise.reject(new FaceKeypointsError('tracker-closed', message));
    }
    const run = async (): Promise<Face[]> => {
      if (this.#runtime.lost) throw this.#runtime.lost;
      const frame = await this.#reader.read(source);
      this.#timings = { detect: 0, landmarks: 0 };
      return work(frame);
    };
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** @throws FaceKeypointsError `option-invalid` */
export function withChanges(now: TrackingOptions, changes: Partial<TrackingOptions>): TrackingOptions {
  const { maxFaces = now.maxFaces, smoothing = now.smoothing } = changes;
  if (!Number.isInteger(maxFaces) || maxFaces < 1) {
    const message = `maxFaces must be a whole number from 1, not ${String(maxFaces)}.`;
    throw new FaceKeypointsError('option-invalid', message);
  }
  if (typeof smoothing !== 'boolean') checkSmoothing(smoothing);
  return { maxFaces, smoothing };
}

/** Of findings on the same face the earlier stays. */
function withoutDuplicates<T extends { readonly finding: Finding }>(all: readonly T[]): T[] {
  const kept: T[] = [];
  for (const item of all) {
    const box = boxOfPoints(item.finding.points);
    if (kept.every((other) => boxOverlap(box, boxOfPoints(other.finding.points)) < SAME_FACE))
      kept.push(item);
  }
  return kept;
}

function toFace(id: number, { spread, presence }: Finding, keypoints: Float32Array): Face {
  const pose = estimatePose(keypoints);
  const expression = measureExpression(keypoints, pose);
  return { id, keypoints, spread, presence, box: boxOfPoints(keypoints), pose, expression };
}
