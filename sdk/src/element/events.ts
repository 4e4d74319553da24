/** What the element tells: the types of its states, figures and events. */
import type { FaceKeypointsError } from '../errors.ts';
import type { Face } from '../face.ts';
import type { BackendName } from '../runtime/backend.ts';

/** `idle`: no input. `loading`: models or input. `running`: faces are looked for. `paused`, `error`: as they say. */
export type ElementState = 'idle' | 'loading' | 'running' | 'paused' | 'error';

export interface ElementStats {
  /** Frames worked on per second, smoothed; 0 for stills. */
  readonly fps: number;
  readonly backend: BackendName | undefined;
  /** Whether the models run in a worker and not on the page's thread. */
  readonly worker: boolean;
  /** Time in the detector and in the landmark model (with crop) for the last frame, ms; 0: did not run. */
  readonly detectMs: number;
  readonly landmarkMs: number;
}

/** `detail` of each event. All but `error` bubble and are composed; `error` stays at the element, as a media element's does. */
export interface FaceKeypointsEventDetails {
  /** The models are loaded. */
  ready: { backend: BackendName };
  /** Bytes of the models' weights. */
  progress: { loaded: number; total: number };
  /** A frame's faces, in pixels of the frame: `width` x `height`; `timestamp` in ms. */
  keypoints: { faces: Face[]; width: number; height: number; timestamp: number };
  facefound: { face: Face };
  facelost: { id: number };
  statechange: { state: ElementState };
  error: FaceKeypointsError;
}

/** Each event by its name. */
export type FaceKeypointsEventMap = {
  [K in keyof FaceKeypointsEventDetails]: CustomEvent<FaceKeypointsEventDetails[K]>;
};

export function createEvent<K extends keyof FaceKeypointsEventDetails>(
  type: K,
  detail: FaceKeypointsEventDetails[K],
): FaceKeypointsEventMap[K] {
  const travels = type !== 'error';
  return new CustomEvent(type, { detail, bubbles: travels, composed: travels }) as FaceKeypointsEventMap[K];
}
