/**
 * What page and worker say to each other. Everything in it survives structured cloning; errors travel as plain objects,
 * as a clone would lose their class and `code`.
 */
import { ERROR_CODES, FaceKeypointsError, type FaceKeypointsErrorCode } from '../errors.ts';
import type { Pixels } from '../crop/sample.ts';
import type { Face } from '../face.ts';
import type { LandmarkMetadata } from '../landmarks/network.ts';
import type { Timings, TrackerOptions, TrackingOptions } from '../tracker.ts';
import type { BackendName } from '../runtime/backend.ts';
import type { LoadProgress } from '../runtime/model-store.ts';

/** A frame on its way: owned by the worker once it is there. */
export type SentFrame = VideoFrame | ImageBitmap | ImageData | Blob | Pixels;

export type SentOptions = Omit<TrackerOptions, 'onProgress' | 'signal' | 'assets'>;

/** To the worker. `create` comes first and once; an abort or `close` on the page ends the worker itself. */
export type Request =
  | { readonly type: 'create'; readonly options: SentOptions }
  | { readonly type: 'track'; readonly id: number; readonly frame: SentFrame; readonly timestamp?: number }
  | { readonly type: 'detect'; readonly id: number; readonly frame: SentFrame }
  | { readonly type: 'configure'; readonly options: Partial<TrackingOptions> }
  | { readonly type: 'reset' };

/**
 * From the worker. `started`: its script runs. `created` or `failed` answers `create`, `faces` or `error` each frame; a
 * `failed` later ends them all.
 */
export type Response =
  | { readonly type: 'started' }
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly type: 'created'; readonly backend: BackendName; readonly metadata: LandmarkMetadata }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'faces'; readonly id: number; readonly faces: Face[]; readonly timings: Timings }
  | { readonly type: 'error'; readonly id: number; readonly error: SentError };

export interface SentError {
  readonly code: FaceKeypointsErrorCode;
  readonly message: string;
  /** The cause as text. */
  readonly cause?: string;
}

export function sendError(error: unknown): SentError {
  if (!(error instanceof FaceKeypointsError)) {
    return { code: 'unexpected', message: `The worker failed: ${String(error)}. Create another tracker.` };
  }
  const { code, message, cause } = error;
  return { code, message, ...(cause !== undefined && { cause: String(cause) }) };
}

export function receiveError({ code, message, cause }: SentError): FaceKeypointsError {
  const known = ERROR_CODES.includes(code) ? code : 'unexpected';
  return new FaceKeypointsError(known, message, cause === undefined ? {} : { cause: new Error(cause) });
}
