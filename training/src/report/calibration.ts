import { EXPONENTIAL, quantile } from '../evaluation/error-law.ts';
import { errorPairs, type FaceResult } from '../evaluation/on-samples.ts';
import { mean, rankCorrelation } from '../support/statistics.ts';

/** How far a network's expected errors can be believed. */
export interface CalibrationCurves {
  /** Points measured. */
  readonly points: number;
  /** Of expected with real error over all points (Spearman), -1..1. */
  readonly rankCorrelation: number;
  /** Circles that should hold the truth with probability `nominal`, and the share that did; both 0..1. */
  readonly intervals: readonly { readonly nominal: number; readonly observed: number }[];
  /** Points in ten groups of equal number by expected error: the means of both, % of the face's unit as NME is. */
  readonly groups: readonly { readonly expected: number; readonly real: number }[];
}

const NOMINAL = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const GROUPS = 10;

/**
 * Distances are taken as exponentially distributed about the expected error, as the loss has them: the circle of
 * probability p has the radius -ln(1 - p) times that. All in each face's unit: in px, large faces have large errors
 * and a network would seem to know its errors that knows the face's size. Undefined where the network gives no expected
 * error. Faces whose unit is not known are left out.
 */
export function calibrationCurves(results: readonly FaceResult[]): CalibrationCurves | undefined {
  const pairs = results
    .filter(({ unit }) => !Number.isNaN(unit))
    .flatMap((result) => errorPairs(result, result.unit / 100));
  const expected = pairs.map(({ spread }) => spread);
  const real = pairs.map(({ distance }) => distance);
  if (expected.length < GROUPS) return undefined;
  const intervals = NOMINAL.map((nominal) => {
    const factor = quantile(EXPONENTIAL, nominal);
    const held = real.filter((distance, i) => distance <= factor * expected[i]).length;
    return { nominal, observed: held / real.length };
  });
  const order = expected.map((_, i) => i).sort((a, b) => expected[a] - expected[b]);
  const groups = Array.from({ length: GROUPS }, (_, g) => {
    const members = order.slice(
      Math.floor((g * order.length) / GROUPS),
      Math.floor(((g + 1) * order.length) / GROUPS),
    );
    return { expected: mean(members.map((i) => expected[i])), real: mean(members.map((i) => real[i])) };
  });
  return { points: real.length, rankCorrelation: rankCorrelation(expected, real), intervals, groups };
}
