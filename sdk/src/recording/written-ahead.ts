import type { FrameEncoder } from './codec.ts';
import { shortestFloats } from './decimal.ts';
import { frameEncoder, RECORDING_MEDIA_TYPES, type RecordingFormat } from './formats.ts';
import type { RecordedFrame } from './frame.ts';

/** Frames whose text is laid down together. */
const FOLD = 256;

/** A file of each format that grows with its recording: the work of writing it lies behind when it is asked for. */
export class WrittenAhead {
  readonly #files: Map<RecordingFormat, GrowingFile>;

  /** @throws FaceKeypointsError `option-invalid` */
  constructor(formats: Iterable<RecordingFormat>) {
    this.#files = new Map([...formats].map((format) => [format, new GrowingFile(format)]));
  }

  add(frame: RecordedFrame): void {
    // Most of the time goes into the numbers, which are the same in all formats.
    const texts = new Map<Float32Array, string>();
    const write = (values: Float32Array): string => {
      const text = texts.get(values) ?? shortestFloats(values);
      texts.set(values, text);
      return text;
    };
    for (const [format, file] of this.#files) {
      try {
        file.add(frame, write);
      } catch {
        // A time that this format cannot tell: whoever asks for the file hears why when it is written anew.
        this.#files.delete(format);
      }
    }
  }

  /** Undefined where the format is not among those that are written. */
  toBlob(format: RecordingFormat): Blob | undefined {
    return this.#files.get(format)?.toBlob();
  }
}

class GrowingFile {
  readonly #encoder: FrameEncoder;
  readonly #type: string;
  /** Outside the page's own memory, on disk where it gets much. */
  readonly #folded: Blob[] = [];
  #parts: string[];

  constructor(format: RecordingFormat) {
    this.#encoder = frameEncoder(format);
    this.#type = RECORDING_MEDIA_TYPES[format];
    this.#parts = [this.#encoder.start()];
  }

  add(...[frame, write]: Parameters<FrameEncoder['frame']>): void {
    this.#parts.push(this.#encoder.frame(frame, write));
    if (this.#parts.length < FOLD) return;
    this.#folded.push(new Blob(this.#parts));
    this.#parts = [];
  }

  toBlob(): Blob {
    return new Blob([...this.#folded, ...this.#parts, this.#encoder.end()], { type: this.#type });
  }
}
