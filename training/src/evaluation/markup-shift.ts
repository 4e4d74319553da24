import { mean, median } from '../support/statistics.ts';
import type { FaceResult } from './on-samples.ts';

/**
 * How far right of the predicted points the labelled ones lie, crop units: the median over the faces. Every other training
 * crop is flipped, so whatever habit or tool moves all marks of a set to one side cannot be learned, as it can be up or down.
 * @returns 0 of none
 */
export function markupShiftOf(results: readonly FaceResult[]): number {
  const shifts = results.map(shiftOf).filter(Number.isFinite);
  return shifts.length > 0 ? median(shifts) : 0;
}

function shiftOf({ sample: { points }, predicted, span }: FaceResult): number {
  if (!points) return NaN;
  const known = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i] - predicted[2 * i]);
  return mean(known.filter((value) => !Number.isNaN(value))) / span;
}
