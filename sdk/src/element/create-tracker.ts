/** The one place that decides what kind of tracker the element has. */
import { FaceTracker, type Tracker, type TrackerOptions } from '../tracker.ts';

export interface ElementTrackerOptions extends TrackerOptions {
  /** Folder of the package's files: `models/`, `wasm/`, `browser/`. */
  readonly assets?: string;
  /** false: on this thread. */
  readonly worker?: boolean;
}

export type CreateTracker = (options: ElementTrackerOptions) => Promise<Tracker>;

export const createTracker: CreateTracker = (options) => FaceTracker.create(options);

/** Whether a tracker runs off the page's thread. */
export const runsInWorker = (tracker: Tracker): boolean => !(tracker instanceof FaceTracker);
