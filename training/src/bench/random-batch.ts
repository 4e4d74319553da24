import type { Batch } from '../augmentation/pool.ts';
import { inputStep, type InputSettings } from '../inputs/input.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { randomOf } from '../support/random.ts';

/** Noise in the place of crops, points anywhere in their middle: a step takes the same time on them as on faces. */
export function randomBatch(
  settings: InputSettings & { readonly batch: number; readonly seed: number },
): Batch {
  const { batch, schema = IBUG68 } = settings;
  const { width, height } = inputStep(settings);
  const random = randomOf(settings.seed, 9);
  return {
    crops: Float32Array.from({ length: batch * height * width }, () => random.normal()),
    points: Float32Array.from({ length: batch * 2 * schema.count }, () => random.between(0.1, 0.9)),
    known: new Float32Array(batch * schema.count).fill(1),
    presence: new Float32Array(batch).fill(1),
  };
}
