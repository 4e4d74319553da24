import { type ErrorLaw, type ErrorPair, quantile } from './error-law.ts';
import { rankCorrelation } from '../support/statistics.ts';

/** How well `spread` tells a point's error. */
export interface Calibration {
  /** Points measured. */
  readonly points: number;
  /** Spearman's rank correlation of spread and distance. */
  readonly rho: number;
  /** Mean distance over mean spread: 1 where spread is the expected error. */
  readonly ratio: number;
  /** Share of the points within the interval that should hold 50 % and 90 % of them, in %. */
  readonly within50: number;
  readonly within90: number;
}

export function calibrationOf(pairs: readonly ErrorPair[], law: ErrorLaw): Calibration {
  const distances = pairs.map(({ distance }) => distance);
  const spreads = pairs.map(({ spread }) => spread);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const within = (share: number) => {
    const limit = quantile(law, share);
    return (100 * pairs.filter(({ distance, spread }) => distance <= limit * spread).length) / pairs.length;
  };
  return {
    points: pairs.length,
    rho: rankCorrelation(spreads, distances),
    ratio: sum(distances) / sum(spreads),
    within50: within(0.5),
    within90: within(0.9),
  };
}
