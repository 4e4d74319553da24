import {
  createTracker,
  formatRecording,
  RECORDING_MEDIA_TYPES,
  type Face,
  type FaceKeypointsError,
  type RecordedFrame,
  type Tracker,
  sumProgress,
  type TrackerOptions,
} from 'face-keypoints';
import { pathOf } from './inputs/folders.ts';
import { nextTask } from './next-task.ts';

/** A picture of a batch and what came of it. */
export interface BatchItem {
  readonly file: File;
  readonly status: 'waiting' | 'working' | 'done' | 'failed';
  /** Small, as a blob: address. */
  readonly thumbnail?: string;
  readonly width?: number;
  readonly height?: number;
  readonly faces?: readonly Face[];
  readonly ms?: number;
  readonly message?: string;
}

export interface Batch {
  readonly items: readonly BatchItem[];
  readonly running: boolean;
  /** Bytes of the models, while they load. */
  readonly progress: { readonly loaded: number; readonly total: number } | undefined;
}

type TrackerMaker = (options: TrackerOptions) => Promise<Tracker>;

const THUMBNAIL = 96;
const MAX_FACES = 16;

/** Finds the faces of many pictures, one after another; `onChange` hears of each step. */
export class BatchRun {
  /** The files, in the order of the table. */
  readonly files: readonly File[];
  #items: BatchItem[];
  #progress: Batch['progress'];
  /** The picture that a tracker ended at, and the one that a fresh one did: it may be its fault. */
  #ended: number | undefined;
  #suspect: number | undefined;
  readonly #abort = new AbortController();
  readonly #options: TrackerOptions;
  readonly #onChange: (batch: Batch) => void;
  readonly #createTracker: TrackerMaker;

  constructor(
    files: readonly File[],
    options: TrackerOptions,
    onChange: (batch: Batch) => void,
    maker: TrackerMaker = createTracker,
  ) {
    this.files = files;
    this.#createTracker = maker;
    this.#items = files.map((file) => ({ file, status: 'waiting' }));
    this.#options = options;
    this.#onChange = onChange;
  }

  /**
   * Looks at all pictures that wait. A GPU or a worker may be lost meanwhile (sleep, a driver's update): then another
   * tracker takes over, as long as the last one got anywhere. A picture that ends a fresh one is taken last the next time,
   * and given up if it ends another.
   * @throws FaceKeypointsError what ended it; what was done stays, and `run` goes on from there
   */
  async run(): Promise<void> {
    const { signal } = this.#abort;
    this.#tell(true);
    try {
      for (let before = this.#waiting; before > 0; before = this.#waiting) {
        try {
          return await this.#work();
        } catch (error) {
          if (signal.aborted) return;
          if (this.#waiting < before) continue;
          if (this.#ended === undefined || this.#ended !== this.#suspect) {
            this.#suspect = this.#ended;
            throw error;
          }
          this.#set(this.#ended, { status: 'failed', message: 'The computing stopped at it, twice' });
        }
      }
    } finally {
      this.#progress = undefined;
      if (!signal.aborted) this.#tell(false);
    }
  }

  get #waiting(): number {
    return this.#items.filter(({ status }) => status === 'waiting').length;
  }

  /** With one tracker, as far as it goes. */
  async #work(): Promise<void> {
    const { signal } = this.#abort;
    const onProgress = this.#addProgress();
    const options = { ...this.#options, maxFaces: MAX_FACES, signal, onProgress };
    this.#ended = undefined;
    const tracker = await this.#createTracker(options);
    try {
      this.#progress = undefined;
      const last = (i: number): number => Number(i === this.#suspect);
      const order = [...this.#items.keys()].sort((a, b) => last(a) - last(b));
      for (const i of order) {
        const { file, status } = this.#items[i];
        if (status !== 'waiting') continue;
        // Closed in the pause before: nobody must hear of it any more.
        if (signal.aborted) return;
        this.#set(i, { status: 'working' });
        try {
          const result = await examine(tracker, file);
          if (signal.aborted) return free(result);
          this.#set(i, result);
        } catch (error) {
          this.#ended = i;
          if (!signal.aborted) this.#set(i, { status: 'waiting' });
          throw error;
        }
        // So that the table is drawn and the buttons answer.
        await nextTask();
      }
    } finally {
      await tracker.close();
    }
  }

  /** Ends the work and frees the thumbnails. */
  close(): void {
    this.#abort.abort();
    this.#items.forEach(free);
  }

  #addProgress(): NonNullable<TrackerOptions['onProgress']> {
    return sumProgress((sum) => {
      if (this.#abort.signal.aborted) return;
      this.#progress = sum;
      this.#tell(true);
    });
  }

  #set(i: number, patch: Partial<BatchItem>): void {
    this.#items = this.#items.with(i, { ...this.#items[i], ...patch });
    this.#tell(true);
  }

  #tell(running: boolean): void {
    this.#onChange({ items: this.#items, running, progress: this.#progress });
  }
}

function free({ thumbnail }: Partial<BatchItem>): void {
  if (thumbnail) URL.revokeObjectURL(thumbnail);
}

/** @throws FaceKeypointsError what is not this picture's fault, and would befall all others too */
async function examine(tracker: Tracker, file: File): Promise<Partial<BatchItem>> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return { status: 'failed', message: 'Not a picture that this browser can show' };
  }
  let thumbnail: string | undefined;
  try {
    const { width, height } = bitmap;
    thumbnail = await thumbnailOf(bitmap);
    const start = performance.now();
    const faces = await tracker.detect(bitmap);
    return { status: 'done', faces, width, height, thumbnail, ms: performance.now() - start };
  } catch (error) {
    const { code, message } = error as FaceKeypointsError;
    if (code === 'input-invalid') return { status: 'failed', message, thumbnail };
    free({ thumbnail });
    throw error;
  } finally {
    bitmap.close();
  }
}

async function thumbnailOf(bitmap: ImageBitmap): Promise<string> {
  const scale = THUMBNAIL / Math.max(bitmap.width, bitmap.height);
  const canvas = Object.assign(document.createElement('canvas'), {
    width: Math.max(1, Math.round(bitmap.width * scale)),
    height: Math.max(1, Math.round(bitmap.height * scale)),
  });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  return URL.createObjectURL(blob ?? new Blob());
}

/** All results as a recording of stills: a line a picture, or a row a face; px of each picture. */
export function exportBatch(items: readonly BatchItem[], format: 'jsonl' | 'csv'): Blob {
  const frames = items.filter(({ status }) => status === 'done').map(toFrame);
  return new Blob([formatRecording(frames, format)], { type: RECORDING_MEDIA_TYPES[format] });
}

function toFrame({ file, width = 0, height = 0, faces = [] }: BatchItem): RecordedFrame {
  return { file: pathOf(file), timestamp: 0, width, height, faces };
}
