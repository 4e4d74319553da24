import { FaceKeypointsError } from '../errors.ts';
import { LANDMARK_COUNT } from '../landmarks/schema.ts';

/** What a recording keeps of a face; every `Face` is one. Box, pose and expression follow from the keypoints. */
export interface RecordedFace {
  /** The same whole number for the same face as long as it was tracked. */
  readonly id: number;
  /** 68 landmarks as x0, y0, x1, …, px of the frame; pixel centres at whole numbers plus one half, origin top left. */
  readonly keypoints: Float32Array;
  /** Expected error of each landmark, px. */
  readonly spread: Float32Array;
  /** Probability that this is a face, 0..1. */
  readonly presence: number;
}

/** One frame of a recording. The detail of a `keypoints` event is one. */
export interface RecordedFrame {
  /** ms, from any origin; never smaller than that of the frame before. 0 for stills. */
  readonly timestamp: number;
  /** Size of the frame, px. */
  readonly width: number;
  readonly height: number;
  /** None where no face was found. */
  readonly faces: readonly RecordedFace[];
  /** Of a still: the file that it was read from. */
  readonly file?: string;
}

/** Why this is no frame of a recording; undefined where it is one. */
export function problemOf(frame: RecordedFrame): string | undefined {
  const { timestamp, width, height, faces, file } = frame;
  if (!Number.isFinite(timestamp)) return `timestamp ${String(timestamp)} is no number of milliseconds`;
  if (!isSide(width) || !isSide(height)) {
    return `the size ${String(width)} x ${String(height)} is no size in whole pixels above 0`;
  }
  if (file !== undefined && typeof file !== 'string') return 'file is no text';
  if (!Array.isArray(faces)) return 'faces is no list';
  for (const face of faces as readonly RecordedFace[]) {
    const problem = problemOfFace(face);
    if (problem) return problem;
  }
  return undefined;
}

function problemOfFace({ id, keypoints, spread, presence }: RecordedFace): string | undefined {
  if (!Number.isSafeInteger(id)) return `face id ${String(id)} is no whole number`;
  if (typeof presence !== 'number' || !(presence >= 0 && presence <= 1))
    return `presence ${String(presence)} is not in 0..1`;
  return (
    problemOfNumbers('keypoints', keypoints, 2 * LANDMARK_COUNT) ??
    problemOfNumbers('spread', spread, LANDMARK_COUNT)
  );
}

function problemOfNumbers(name: string, values: Float32Array, count: number): string | undefined {
  if (!(values instanceof Float32Array)) return `${name} is no Float32Array`;
  if (values.length !== count) return `${name} holds ${values.length} numbers where ${count} are due`;
  return values.every(Number.isFinite) ? undefined : `${name} holds a number that float32 cannot`;
}

/**
 * Checks one frame after another.
 * @throws FaceKeypointsError `input-invalid`
 */
export class FrameCheck {
  #last = -Infinity;

  /** @param where how the message names the frame, such as "Line 3" */
  check(frame: RecordedFrame, where: string): void {
    const problem = problemOf(frame) ?? this.#problemOfTime(frame.timestamp);
    if (problem) throw invalid(where, problem);
    this.#last = frame.timestamp;
  }

  #problemOfTime(timestamp: number): string | undefined {
    if (timestamp >= this.#last) return undefined;
    return `timestamp ${timestamp} lies before the frame in front of it (${this.#last}); begin a new recording where a stream starts over`;
  }
}

export function invalid(where: string, reason: string, cause?: unknown): FaceKeypointsError {
  return new FaceKeypointsError('input-invalid', `${where} of the recording: ${reason}.`, { cause });
}

/** A plain error's reason at its place; an error that names its place already stays as it is. */
export function reasonAt(where: string, error: unknown): unknown {
  if (error instanceof FaceKeypointsError || !(error instanceof Error)) return error;
  return invalid(where, error.message, error.cause);
}

function isSide(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
