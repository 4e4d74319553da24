import { augmentFace, augmentNoFace } from '../augmentation/augment.ts';
import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import { randomOf } from '../support/random.ts';
import { spreadOut } from './spread-out.ts';

const SEED = 7;
/** One in so many holds no face, or half of one: `presence` must survive quantization as well. */
const NO_FACE = 4;

/**
 * `count` training crops as the trainer makes them, `[count, size, size]`: what quantization is fitted on. Crops with a face
 * and those without come from samples all over the list, each kind by itself. The same samples give the same crops.
 */
export function calibrationCrops(
  samples: readonly Sample[],
  count: number,
  size: number,
  cropFactor: number,
): Float32Array {
  const crops = new Float32Array(count * size * size);
  const target = { points: new Float32Array(2 * LANDMARK_COUNT), known: new Float32Array(LANDMARK_COUNT) };
  const withoutFace = Math.floor(count / NO_FACE);
  const shown = spreadOut(samples, count - withoutFace);
  const besides = spreadOut(samples, withoutFace);
  for (let i = 0; i < count; i++) {
    const crop = crops.subarray(i * size * size, (i + 1) * size * size);
    const random = randomOf(SEED, i);
    const before = Math.floor(i / NO_FACE);
    const [cut, sample] =
      i % NO_FACE === NO_FACE - 1 ? [augmentNoFace, besides[before]] : [augmentFace, shown[i - before]];
    cut(sample, size, cropFactor, DEFAULT_AUGMENTATION, random, { crop, ...target });
  }
  return crops;
}
