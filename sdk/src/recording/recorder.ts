import {
  RECORDING_MEDIA_TYPES,
  recordingParts,
  type RecordingFormat,
  type RecordingFormatOptions,
} from './formats.ts';
import { FrameCheck, type RecordedFace, type RecordedFrame } from './frame.ts';

/**
 * Keeps the faces of a stream, about 1 KB a face and frame:
 * `element.addEventListener('keypoints', ({ detail }) => recorder.add(detail))`.
 */
export class Recorder {
  #frames: RecordedFrame[] = [];
  #check = new FrameCheck();

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
    this.#frames.push({
      timestamp,
      width,
      height,
      faces: faces.map(copy),
      ...(file !== undefined && { file }),
    });
  }

  clear(): void {
    this.#frames = [];
    this.#check = new FrameCheck();
  }

  /** A file to download, made of a part a frame: no string ever has its length. */
  toBlob(format: RecordingFormat, options?: RecordingFormatOptions): Blob {
    const parts = [...recordingParts(this.#frames, format, options)];
    return new Blob(parts, { type: RECORDING_MEDIA_TYPES[format] });
  }
}

function copy({ id, keypoints, spread, presence }: RecordedFace): RecordedFace {
  return { id, keypoints: keypoints.slice(), spread: spread.slice(), presence };
}
