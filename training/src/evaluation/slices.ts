import { estimatePose } from '../../../sdk/src/landmarks/pose.ts';
import type { Sample } from '../datasets/sample.ts';
import { boxOf } from '../datasets/schema.ts';

/** What makes a face hard, by measures that need no judgement. */
export const HARD = {
  /** Turn of the head by its annotated points, degrees. */
  yaw: 25,
  pitch: 22,
  roll: 20,
  /** Mean grey of the face's box, 0..255. */
  grey: 70,
  /** Longer side of the face's box, px. */
  size: 90,
} as const;

export type Slice = 'all' | 'hard' | 'easy';
export const SLICES: readonly Slice[] = ['all', 'hard', 'easy'];

export function isIn(slice: Slice, sample: Sample): boolean {
  return slice === 'all' || isHard(sample) === (slice === 'hard');
}

/** Whether the face is turned, tilted, dark or small; see `HARD`. */
export function isHard({ points, image }: Sample): boolean {
  if (!points) return false;
  const [left, top, right, bottom] = boxOf(points);
  if (Math.max(right - left, bottom - top) < HARD.size) return true;
  const { yaw, pitch, roll } = estimatePose(points);
  if (Math.abs(yaw) > HARD.yaw || Math.abs(pitch) > HARD.pitch || Math.abs(roll) > HARD.roll) return true;
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(image.height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(image.width, right); x++) {
      sum += image.data[(y * image.width + x) * image.channels];
      count++;
    }
  }
  return sum / count < HARD.grey;
}
