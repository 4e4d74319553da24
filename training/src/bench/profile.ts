import { AugmentationPool } from '../augmentation/pool.ts';
import { makeSyntheticFaces } from '../datasets/synthetic.ts';
import type { Engine } from '../engines/engine.ts';
import { STEP_PARTS, type StepPart } from '../trainer/step.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import { timeOperations } from './operations.ts';
import type { OurStep } from './our-step.ts';
import type { Share } from './table.ts';

/** Where the time of a step goes. All are means a step. */
export interface StepProfile {
  /** Parts of the step, one after the other; what the engine waited for its batch comes first. */
  readonly parts: readonly Share[];
  /** Kinds of operations on the engine, the dearest first. */
  readonly operations: readonly Share[];
  /** In its worker, beside the step. */
  readonly augmentation: { readonly milliseconds: number; readonly waits: number; readonly steps: number };
}

/** Of a wait: less than this is the passing of a message, ms. */
const A_WAIT = 5;
const FACES = 64;

/** Profiles `steps` steps as `npm run train` runs them, on batches made of drawn faces in one worker. */
export async function profileStep(
  engine: Engine,
  step: OurStep,
  settings: TrainSettings,
  steps: number,
): Promise<StepProfile> {
  const faces = makeSyntheticFaces(FACES, settings.seed).map((face) => ({
    ...face,
    split: 'train' as const,
  }));
  const pool = (ahead?: number) => new AugmentationPool(faces, settings, () => settings.phases[0], 1, ahead);
  const making = await timeBatches(pool(0), settings.batch, steps);

  const times = new Map<StepPart | 'wait', number>();
  const batches = pool();
  let waits = 0;
  try {
    // The queue of batches fills meanwhile, as it does in a run.
    await step.run(await batches.batch(0));
    let last = performance.now();
    const lap = (part: StepPart | 'wait') => {
      const now = performance.now();
      times.set(part, (times.get(part) ?? 0) + now - last);
      last = now;
      return times.get(part);
    };
    for (let i = 1; i <= steps; i++) {
      const asked = performance.now();
      const batch = await batches.batch(i * settings.batch);
      if (performance.now() - asked > A_WAIT) waits++;
      lap('wait');
      await step.run(batch, lap);
    }
  } finally {
    await batches.close();
  }
  const given: Promise<number>[] = [];
  const operations = await timeOperations(engine, () => {
    for (let i = 0; i < steps; i++) given.push(step.run());
  });
  await Promise.all(given);
  return {
    parts: (['wait', ...STEP_PARTS] as const).map((name) => ({
      name: name === 'wait' ? 'wait for batch' : name,
      milliseconds: (times.get(name) ?? 0) / steps,
    })),
    operations: operations.map(({ name, calls, milliseconds }) => ({
      name,
      milliseconds: milliseconds / steps,
      note: `${Math.round(calls / steps)} calls`,
    })),
    augmentation: { milliseconds: making, waits, steps },
  };
}

/** Mean time from asking for a batch to having it, where none is made ahead, ms. */
async function timeBatches(pool: AugmentationPool, batch: number, count: number): Promise<number> {
  try {
    await pool.batch(0);
    const started = performance.now();
    for (let i = 1; i <= count; i++) await pool.batch(i * batch);
    return (performance.now() - started) / count;
  } finally {
    await pool.close();
  }
}
