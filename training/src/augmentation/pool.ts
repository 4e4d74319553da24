import { Worker } from 'node:worker_threads';
import type { Sample } from '../datasets/sample.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { inSharedMemory } from '../datasets/shared-pixels.ts';
import { inputStep, type InputSettings } from '../inputs/input.ts';
import type { Mix } from './plan.ts';
import type { AugmentationSettings } from './settings.ts';

export interface BatchSettings extends InputSettings {
  readonly seed: number;
  readonly batch: number;
  /** Every sample once before any comes again, instead of draws by the mix. */
  readonly everySample?: boolean;
}

/** Inputs of one training step; views on memory that is filled again from the next call on. */
export interface Batch {
  /** `[batch, height, width]`, normalised grey. */
  readonly crops: Float32Array;
  /** `[batch, 2 * landmarks]`, input units. */
  readonly points: Float32Array;
  /** `[batch, landmarks]`, 1 where the point is known. */
  readonly known: Float32Array;
  /** `[batch]`, 1 where the crop holds a face. */
  readonly presence: Float32Array;
}

export interface WorkerSetup {
  readonly samples: Sample[];
  readonly settings: BatchSettings;
}

/** What the crops of a batch are made from, and how. */
export interface BatchRecipe {
  readonly mix: Mix;
  readonly negativeShare: number;
  /** In place of the settings'. */
  readonly augmentation?: AugmentationSettings;
}

export interface BatchRequest extends BatchRecipe {
  readonly buffer: SharedArrayBuffer;
  /** Number of the batch's first crop, counted from the start of the run. */
  readonly first: number;
}

/** Values that one input takes up in each part of a batch. */
export interface BatchLayout {
  readonly batch: number;
  readonly pixels: number;
  readonly landmarks: number;
}

export function batchLayout(settings: BatchSettings): BatchLayout {
  const { width, height } = inputStep(settings);
  const { batch, schema = IBUG68 } = settings;
  return { batch, pixels: width * height, landmarks: schema.count };
}

export function viewBatch(buffer: SharedArrayBuffer, { batch, pixels, landmarks }: BatchLayout): Batch {
  let offset = 0;
  const view = (length: number) => {
    const array = new Float32Array(buffer, offset, length);
    offset += array.byteLength;
    return array;
  };
  return {
    crops: view(batch * pixels),
    points: view(batch * 2 * landmarks),
    known: view(batch * landmarks),
    presence: view(batch),
  };
}

/** One batch in the making. */
interface Pending {
  readonly first: number;
  readonly buffer: SharedArrayBuffer;
  readonly ready: Promise<void>;
}

/**
 * Makes batches in worker threads, `ahead` of the trainer. The threads read the samples' pixels where they are, if that
 * is memory which threads share; others are copied there.
 */
export class AugmentationPool {
  private readonly workers: Worker[];
  private readonly pending: Pending[] = [];
  private readonly free: SharedArrayBuffer[];
  private readonly layout: BatchLayout;
  private turn = 0;

  constructor(
    samples: Sample[],
    private readonly settings: BatchSettings,
    private readonly recipeOf: (crop: number) => BatchRecipe,
    workers = 1,
    ahead = 3,
  ) {
    const setup: WorkerSetup = { samples: samples.map(inSharedMemory), settings };
    this.workers = Array.from({ length: workers }, () => {
      return new Worker(new URL('./worker.mjs', import.meta.url), { workerData: setup });
    });
    this.layout = batchLayout(settings);
    const bytes = settings.batch * (this.layout.pixels + 3 * this.layout.landmarks + 1) * 4;
    this.free = Array.from({ length: ahead + 1 }, () => new SharedArrayBuffer(bytes));
  }

  /** The batch whose first crop has this number. Valid until the next call. */
  async batch(first: number): Promise<Batch> {
    const { settings } = this;
    if (this.pending[0] && this.pending[0].first !== first)
      throw new Error('batches are to be taken in order');
    let next = this.pending.length > 0 ? this.pending[this.pending.length - 1].first + settings.batch : first;
    for (let buffer = this.free.pop(); buffer; buffer = this.free.pop()) {
      this.pending.push(this.request(next, buffer));
      next += settings.batch;
    }
    const due = this.pending.shift();
    if (!due) throw new Error('no batch is under way');
    await due.ready;
    this.free.push(due.buffer);
    return viewBatch(due.buffer, this.layout);
  }

  private request(first: number, buffer: SharedArrayBuffer): Pending {
    const worker = this.workers[this.turn++ % this.workers.length];
    const ready = new Promise<void>((resolve, reject) => {
      const onMessage = (done: number) => {
        if (done !== first) return;
        worker.off('message', onMessage);
        worker.off('error', reject);
        resolve();
      };
      worker.on('message', onMessage);
      worker.once('error', reject);
    });
    ready.catch(() => {});
    const { mix, negativeShare, augmentation } = this.recipeOf(first);
    worker.postMessage({ buffer, first, mix, negativeShare, augmentation } satisfies BatchRequest);
    return { first, buffer, ready };
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
