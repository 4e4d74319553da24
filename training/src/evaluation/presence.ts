import { augmentNoFace } from '../augmentation/augment.ts';
import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import { randomOf } from '../support/random.ts';
import type { Predict } from './face-predictions.ts';

/** Below it the tracker lets a face go. */
export const PRESENCE_THRESHOLD = 0.5;
const SEED = 31;
/** Crops without a face as they are in the picture: no blur, noise, shade or patch. */
const PLAIN = { ...DEFAULT_AUGMENTATION, blur: 0, noise: 0, shade: 0, patch: 0, gamma: 0 };
const BATCH = 32;

/**
 * Presence of `each` seeded crops of every picture: any part of a picture without a face; of a picture with one, beside
 * it, far inside it or far around it.
 */
export function presenceWithoutFace(
  samples: readonly Sample[],
  each: number,
  size: number,
  cropFactor: number,
  predict: Predict,
): Float32Array {
  const total = samples.length * each;
  const result = new Float32Array(total);
  const crops = new Float32Array(BATCH * size * size);
  const target = { points: new Float32Array(2 * LANDMARK_COUNT), known: new Float32Array(LANDMARK_COUNT) };
  for (let start = 0; start < total; start += BATCH) {
    const n = Math.min(BATCH, total - start);
    for (let i = 0; i < n; i++) {
      const number = start + i;
      const crop = crops.subarray(i * size * size, (i + 1) * size * size);
      const random = randomOf(SEED, number);
      augmentNoFace(samples[Math.floor(number / each)], size, cropFactor, PLAIN, random, { crop, ...target });
    }
    result.set(predict(crops.subarray(0, n * size * size), size).presence, start);
  }
  return result;
}

/** Share of `presences` at or above the threshold, in %. */
export function keptShare(presences: ArrayLike<number>): number {
  let kept = 0;
  for (let i = 0; i < presences.length; i++) if (presences[i] >= PRESENCE_THRESHOLD) kept++;
  return (100 * kept) / presences.length;
}

/**
 * One picture in five, by the hash of its name (FNV-1a). The trainer draws from all of them, so this is a check of the
 * crops, not of the pictures, unless a run leaves these out.
 */
export function isHeldOut(name: string): boolean {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return (hash >>> 0) % 5 === 0;
}
