import { augmentFace, augmentNoFace } from '../augmentation/augment.ts';
import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import { randomOf } from '../support/random.ts';

const SEED = 7;
/** One in so many holds no face, or half of one: `presence` must survive quantization as well. */
const NO_FACE = 4;

/**
 * `count` training crops as the trainer makes them, `[count, size, size]`: what quantization is fitted on. The same samples
 * give the same crops.
 */
export function calibrationCrops(
  samples: readonly Sample[],
  count: number,
  size: number,
  cropFactor: number,
): Float32Array {
  const crops = new Float32Array(count * size * size);
  const target = { points: new Float32Array(2 * LANDMARK_COUNT), known: new Float32Array(LANDMARK_COUNT) };
  for (let i = 0; i < count; i++) {
    const crop = crops.subarray(i * size * size, (i + 1) * size * size);
    const random = randomOf(SEED, i);
    const cut = i % NO_FACE === NO_FACE - 1 ? augmentNoFace : augmentFace;
    cut(samples[i % samples.length], size, cropFactor, DEFAULT_AUGMENTATION, random, { crop, ...target });
  }
  return crops;
}
