import { createReadStream } from 'node:fs';
import { copyFile, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { readRecording, recordingEncoder, type RecordedFrame } from '../index.ts';
import { dropHalfLine, exists, UNFINISHED } from './files.ts';

/**
 * The JSON lines of a run: a line a picture, appended as soon as it is done, so that a killed run loses at most the
 * picture in work. Until the run has ended the file is called `….part`.
 */
export class RunRecord {
  /** Pictures that need not be done again. */
  readonly done = new Set<string>();
  faces = 0;
  withoutFace = 0;
  readonly path: string;
  readonly #encoder = recordingEncoder('jsonl');
  #file: FileHandle | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Takes up what an earlier run left.
   * @param onFrame is called with each of its pictures
   * @throws FaceKeypointsError `input-invalid`: the file was changed by someone else
   */
  static async open(path: string, onFrame: (frame: RecordedFrame) => Promise<void>): Promise<RunRecord> {
    const record = new RunRecord(path);
    const unfinished = path + UNFINISHED;
    const started = await exists(unfinished);
    if (started) await dropHalfLine(unfinished);
    const source = started ? unfinished : path;
    if ((await sizeOf(source)) > 0) {
      for await (const frame of readRecording(createReadStream(source), 'jsonl')) {
        record.#count(frame);
        await onFrame(frame);
      }
    }
    return record;
  }

  static async remove(path: string): Promise<void> {
    await rm(path, { force: true });
    await rm(path + UNFINISHED, { force: true });
  }

  /** @throws FaceKeypointsError `input-invalid` */
  async add(frame: RecordedFrame): Promise<void> {
    const line = this.#encoder.frame(frame);
    const file = await this.#open();
    await file.appendFile(line);
    this.#count(frame);
  }

  /** Gives the file its name, complete. */
  async finish(): Promise<void> {
    const whole = !this.#file && !(await exists(this.path + UNFINISHED)) && (await exists(this.path));
    if (whole) return;
    await this.#open();
    await this.close();
    await rename(this.path + UNFINISHED, this.path);
  }

  /** Leaves the file unfinished, for the next run. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** All pictures so far. */
  frames(): AsyncGenerator<RecordedFrame, void, undefined> {
    return readRecording(createReadStream(this.path), 'jsonl');
  }

  async #open(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    const unfinished = this.path + UNFINISHED;
    if (!(await exists(unfinished)) && (await exists(this.path))) {
      await copyFile(this.path, `${unfinished}.copy`);
      await rename(`${unfinished}.copy`, unfinished);
    }
    this.#file = await open(unfinished, 'a');
    if ((await this.#file.stat()).size === 0) await this.#file.appendFile(this.#encoder.start());
    return this.#file;
  }

  #count({ file, faces }: RecordedFrame): void {
    if (file !== undefined) this.done.add(file);
    this.faces += faces.length;
    if (faces.length === 0) this.withoutFace++;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
