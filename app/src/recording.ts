import { Recorder, RECORDING_FORMATS, type RecordedFrame, type RecordingFormat } from 'face-keypoints';

/** An hour at 30 pictures a second; about a kilobyte a face each in memory, and six in files that are written along. */
const MAX_FRAMES = 108_000;

/** Keeps the faces of the live picture between two taps. */
export class Recording {
  readonly #recorder = new Recorder({ ahead: RECORDING_FORMATS });
  #active = false;

  get figures(): { active: boolean; frames: number; ms: number } {
    const { frames, duration } = this.#recorder;
    return { active: this.#active, frames: frames.length, ms: duration };
  }

  start(): void {
    this.#recorder.clear();
    this.#active = true;
  }

  stop(): void {
    this.#active = false;
  }

  add(frame: RecordedFrame): void {
    if (!this.#active) return;
    this.#recorder.add(frame);
    if (this.#recorder.frames.length >= MAX_FRAMES) this.stop();
  }

  toBlob(format: RecordingFormat): Blob {
    return this.#recorder.toBlob(format);
  }
}
