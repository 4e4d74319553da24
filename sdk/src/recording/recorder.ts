import {
  RECORDING_MEDIA_TYPES,
  recordingParts,
  type RecordingFormat,
  type RecordingFormatOptions,
} from './formats.ts';
import { FrameCheck, type RecordedFace, type RecordedFrame } from './frame.ts';
import { WrittenAhead } from './written-ahead.ts';

export interface RecorderOptions {
  /**
   * Formats that are written while frames come, so that `toBlob` has them at once however long the recording is: a share
   * sheet opens only shortly after a click. Costs 0.1 ms a face and frame, and for each format 2 KB in a Blob. None by
   * default.
   */
  readonly ahead?: readonly RecordingFormat[];
}

/**
 * Keeps the faces of a stream, about 1 KB a face and frame:
 * `element.addEventListener('keypoints', ({ detail }) => recorder.add(detail))`.
 */
export class Recorder {
  readonly #formats: readonly RecordingFormat[];
  #frames: RecordedFrame[] = [];
  #check = new FrameCheck();
  #ahead: WrittenAhead;

  /** @throws FaceKeypointsError `option-invalid` */
  constructor({ ahead = [] }: RecorderOptions = {}) {
    this.#formats = ahead;
    this.#ahead = new WrittenAhead(ahead);
  }

  /** As added; a copy of their own. */
  get frames(): readonly RecordedFrame[] {
    return this.#frames;
  }

  /** From the first frame to the last, ms. */
  get duration(): number {
    const first = this.#frames[0];
    return first ? this.#frames.at(-1)!.timestamp - first.timestamp : 0;
  }

  /**
   * Copies what a recording keeps, so that the caller may reuse the arrays.
   * @throws FaceKeypointsError `input-invalid`: a number that is none, or time that goes back (`clear()` where the
   *   stream starts over); nothing is added then
   */
  add(frame: RecordedFrame): void {
    this.#check.check(frame, `Frame ${this.#frames.length + 1}`);
    const { timestamp, width, height, faces, file } = frame;
    const kept: RecordedFrame = {
      timestamp,
      width,
      height,
      faces: faces.map(copy),
      ...(file !== undefined && { file }),
    };
    this.#frames.push(kept);
    this.#ahead.add(kept);
  }

  clear(): void {
    this.#frames = [];
    this.#check = new FrameCheck();
    this.#ahead = new WrittenAhead(this.#formats);
  }

  /**
   * A file to download, made of a part a frame: no string ever has its length. Takes 0.1 ms a face and frame, unless the
   * format is written `ahead`.
   */
  toBlob(format: RecordingFormat, options: RecordingFormatOptions = {}): Blob {
    // Another origin than that of the first frame moves all cues.
    const written = options.origin === undefined ? this.#ahead.toBlob(format) : undefined;
    if (written) return written;
    const parts = [...recordingParts(this.#frames, format, options)];
    return new Blob(parts, { type: RECORDING_MEDIA_TYPES[format] });
  }
}

function copy({ id, keypoints, spread, presence }: RecordedFace): RecordedFace {
  return { id, keypoints: keypoints.slice(), spread: spread.slice(), presence };
}
