import type { FaceResult } from '../evaluation/on-samples.ts';

/** How far a network's expected errors can be believed. */
export interface Calibration {
  /** Points measured. */
  readonly points: number;
  /** Of expected with real error over all points (Spearman), -1..1. */
  readonly rankCorrelation: number;
  /** Circles that should hold the truth with probability `nominal`, and the share that did; both 0..1. */
  readonly intervals: readonly { readonly nominal: number; readonly observed: number }[];
  /** Points in ten groups of equal number by expected error: the means of both, px. */
  readonly groups: readonly { readonly expected: number; readonly real: number }[];
}

const NOMINAL = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const GROUPS = 10;

/**
 * Distances are taken as exponentially distributed about the expected error, as the loss has them: the circle of
 * probability p has the radius -ln(1 - p) times that. Undefined where the network gives no expected error.
 */
export function calibrationOf(results: readonly FaceResult[]): Calibration | undefined {
  const expected: number[] = [];
  const real: number[] = [];
  for (const { sample, predicted, spread } of results) {
    const { points } = sample;
    if (!spread || !points) continue;
    spread.forEach((value, i) => {
      const distance = Math.hypot(predicted[2 * i] - points[2 * i], predicted[2 * i + 1] - points[2 * i + 1]);
      if (Number.isNaN(distance)) return;
      expected.push(value);
      real.push(distance);
    });
  }
  if (expected.length < GROUPS) return undefined;
  const intervals = NOMINAL.map((nominal) => {
    const factor = -Math.log(1 - nominal);
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

/** Spearman's rho; equal values share their mean rank. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  return correlation(ranks(a), ranks(b));
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((x, y) => values[x] - values[y]);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) result[order[i]] = (start + end - 1) / 2;
    start = end;
  }
  return result;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
