import { locateAssets, type AssetOptions } from './assets.ts';
import { createCropper } from './crop/create-cropper.ts';
import type { Region } from './crop/region.ts';
import { BlazeFace } from './detector/blazeface.ts';
import { FaceKeypointsError } from './errors.ts';
import { boxOfPoints, type Face, type Finding } from './face.ts';
import { FrameReader, type Frame, type FrameSource } from './input/frame.ts';
import { measureExpression } from './landmarks/expression.ts';
import { LandmarkNetwork, type LandmarkMetadata } from './landmarks/network.ts';
import { estimatePose } from './landmarks/pose.ts';
import type { BackendName } from './runtime/backend.ts';
import { loadTogether } from './runtime/load-together.ts';
import type { LoadProgress } from './runtime/model-store.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from './runtime/runtime.ts';
import type { SmoothingOptions } from './smoothing/one-euro.ts';
import { confirmTracks } from './tracking/confirm-tracks.ts';
import { FaceFinder } from './tracking/finder.ts';
import { checkOptionNames } from './option-names.ts';
import { TRACKER_OPTIONS, TRACKING_OPTIONS } from './tracking/option-names.ts';
import { DEFAULT_TRACKING, withChanges, type TrackingOptions } from './tracking/options.ts';
import { SearchSchedule } from './tracking/search-schedule.ts';
import { TrackList } from './tracking/track-list.ts';
import type { Track } from './tracking/track.ts';

export type { TrackingOptions };

export interface TrackerOptions extends Omit<AssetOptions, 'worker'>, Omit<RuntimeOptions, 'wasmPath'> {
  /** Most faces at once, 1 by default; each costs one run of the landmark model per frame. */
  readonly maxFaces?: number;
  /** For `track`: on by default, or the filter's own options. `detect` never smooths. */
  readonly smoothing?: boolean | SmoothingOptions;
  /** Told of each model file's bytes as they come. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Ends loading; `create` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long the last call spent where, ms. 0: did not run. */
export interface Timings {
  readonly detect: number;
  readonly landmarks: number;
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
   * @param source stays the caller's; leave it open and as it is until the promise has settled
   * @param timestamp ms, growing; of the frame where it is known
   * @throws FaceKeypointsError `input-invalid`, `device-lost` (create a new tracker), `tracker-closed`
   */
  track(source: FrameSource, timestamp?: number): Promise<Face[]>;
  /**
   * The faces of a still, not smoothed and independent of what `track` follows; largest first. Ids count from 1. Each is
   * looked at three times: where the detector saw it, then around those points and at that crop's mirror image, which is
   * half as much landmark time again, for points a hundredth nearer.
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
  /**
   * Frees the models; later calls are refused with `tracker-closed`. What is in work is ended first (`FaceTracker`), or
   * refused at once together with its worker (`WorkerTracker`). May be called twice.
   */
  close(): Promise<void>;
}

/** Of a search within a stream: the next frame comes soon, and this one must not wait for a wall full of doubtful faces. */
const SEARCH_ROUNDS = 2;

/** What is remembered of one stream. */
interface Stream {
  readonly tracks: TrackList;
  readonly searches: SearchSchedule;
}

/**
 * Finds 68 landmarks per face: frame -> detector, only while a face is missing or doubtful -> crop -> landmarks -> smoothing.
 * Calls are worked off one after another; drop frames while one is in work, or they queue.
 */
export class FaceTracker implements Tracker {
  readonly #runtime: Runtime;
  readonly #finder: FaceFinder;
  readonly #reader = new FrameReader();
  #options: TrackingOptions;
  #nextId = 1;
  #stream = this.#newStream();
  #queue: Promise<unknown> = Promise.resolve();
  #timings: Timings = { detect: 0, landmarks: 0 };
  #closed: Promise<void> | undefined;

  private constructor(runtime: Runtime, finder: FaceFinder, options: TrackingOptions) {
    this.#runtime = runtime;
    this.#finder = finder;
    this.#options = options;
  }

  /**
   * Starts a backend and loads both models.
   * @throws FaceKeypointsError `backend-unavailable`, `model-missing`, `model-corrupt`, `model-unsupported`, `option-invalid`
   */
  static async create(options: TrackerOptions = {}): Promise<FaceTracker> {
    const { model, detector, wasmPath } = locateAssets(options);
    const { signal } = options;
    checkOptionNames(options, TRACKER_OPTIONS);
    const tracking = withChanges(DEFAULT_TRACKING, options);
    signal?.throwIfAborted();
    const runtime = await createRuntime({ ...options, wasmPath });
    const [blazeFace, network] = await loadTogether((signal) => {
      const how = { ...options, signal };
      return [
        BlazeFace.load(runtime, detector, how),
        LandmarkNetwork.load(runtime, model[runtime.backend], how),
      ];
    }, signal);
    const cropper = await createCropper(runtime, network.metadata.inputSize);
    const finder = new FaceFinder(runtime, blazeFace, network, cropper);
    if (!signal?.aborted) return new FaceTracker(runtime, finder, tracking);
    finder.dispose();
    throw signal.reason;
  }

  get backend(): BackendName {
    return this.#runtime.backend;
  }

  get metadata(): LandmarkMetadata {
    return this.#finder.network.metadata;
  }

  get timings(): Timings {
    return this.#timings;
  }

  get options(): TrackingOptions {
    return this.#options;
  }

  configure(options: Partial<TrackingOptions>): void {
    checkOptionNames(options, TRACKING_OPTIONS);
    this.#options = withChanges(this.#options, options);
  }

  track(source: FrameSource, timestamp: number = performance.now()): Promise<Face[]> {
    // As they are now: after a reset, frames in work go on with the stream that was given up.
    const stream = this.#stream;
    const { maxFaces, smoothing } = this.#options;
    return this.#enqueue(source, async (frame) => {
      const { tracks, searches } = stream;
      tracks.begin(timestamp, maxFaces);
      const regions = tracks.visible.map((track) => this.#expectedRegion(track, timestamp));
      tracks.follow(await this.#finder.locate(frame, regions));
      await confirmTracks(tracks.visible, this.#finder, frame, timestamp);
      const { visible } = tracks;
      const room = maxFaces - visible.length;
      if (room > 0 && searches.isDue(timestamp, tracks, regions.length)) {
        tracks.add(await this.#finder.search(frame, visible, room, { rounds: SEARCH_ROUNDS }));
      }
      return tracks.visible.map((track) =>
        toFace(track.id, track.finding, track.smoothedPoints(smoothing, timestamp)),
      );
    });
  }

  detect(source: FrameSource): Promise<Face[]> {
    const { maxFaces } = this.#options;
    return this.#enqueue(source, async (frame) => {
      const found = await this.#finder.search(frame, [], maxFaces, { mirrored: true });
      return found.map((finding, i) => toFace(i + 1, finding, finding.points));
    });
  }

  reset(): void {
    this.#stream = this.#newStream();
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#queue.then(() => this.#finder.dispose()));
  }

  #newStream(): Stream {
    return { tracks: new TrackList(() => this.#nextId++), searches: new SearchSchedule() };
  }

  /** The region of the last frame, moved on to where the face is expected. */
  #expectedRegion(track: Track, timestamp: number): Region {
    const region = this.#finder.regionOf(track.finding);
    const { dx, dy } = track.step(timestamp);
    return { ...region, size: track.cropSize ?? region.size, cx: region.cx + dx, cy: region.cy + dy };
  }

  #enqueue(source: FrameSource, work: (frame: Frame) => Promise<Face[]>): Promise<Face[]> {
    if (this.#closed) return Promise.reject(trackerClosed());
    const run = async (): Promise<Face[]> => {
      if (this.#runtime.lost) throw this.#runtime.lost;
      const frame = await this.#reader.read(source);
      this.#finder.timings = { detect: 0, landmarks: 0 };
      try {
        const faces = await work(frame);
        this.#timings = this.#finder.timings;
        return faces;
      } finally {
        this.#finder.forget();
      }
    };
    const result = this.#queue.then(run).catch(async (error: unknown): Promise<Face[]> => {
      throw await this.#runtime.reasonOf(error);
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

function toFace(id: number, { spread, presence }: Finding, keypoints: Float32Array): Face {
  const pose = estimatePose(keypoints);
  const expression = measureExpression(keypoints, pose);
  return { id, keypoints, spread, presence, box: boxOfPoints(keypoints), pose, expression };
}

export function trackerClosed(): FaceKeypointsError {
  return new FaceKeypointsError('tracker-closed', 'This tracker is closed. Create another one.');
}
