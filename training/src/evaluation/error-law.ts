import { logGamma, mean } from '../support/statistics.ts';

/**
 * How a point's distance from the truth is distributed, given its expected value: Weibull with mean `spread` and this
 * shape. 1: exponential, as the training loss assumes; 2: Rayleigh, what a Gaussian of known deviation would give.
 */
export interface ErrorLaw {
  readonly law: 'weibull';
  readonly shape: number;
}

export const EXPONENTIAL: ErrorLaw = { law: 'weibull', shape: 1 };

/** The distance, in units of `spread`, that this share of the errors stays below. */
export function quantile({ shape }: ErrorLaw, share: number): number {
  return (-Math.log(1 - share)) ** (1 / shape) / Math.exp(logGamma(1 + 1 / shape));
}

/** Spread as it should be: `exp(offset + slope * log(spread))`. */
export interface SpreadCorrection {
  readonly offset: number;
  readonly slope: number;
}

/** A distance and the spread that the network gave with it, in the same unit. */
export interface ErrorPair {
  readonly distance: number;
  readonly spread: number;
}

export function corrected({ offset, slope }: SpreadCorrection, spread: number): number {
  return Math.exp(offset + slope * Math.log(spread));
}

const ROUNDS = 100;
/** Moves this small, of logarithms, change nothing. */
const STILL = 1e-9;

/**
 * The correction that makes `spread` the expected distance: gamma regression with a logarithmic link (McCullagh and Nelder,
 * "Generalized Linear Models", 1989, chapter 8), which needs to know the mean only, not the law.
 * @throws Error when there is none: without pairs, or where a spread or all distances are zero or no numbers
 */
export function fitCorrection(pairs: readonly ErrorPair[]): SpreadCorrection {
  // The right size to begin with: where spreads are many times too small, the first moves would else be far too long.
  let best: SpreadCorrection = { offset: Math.log(mean(pairs.map((p) => p.distance / p.spread))), slope: 1 };
  let least = misfit(pairs, best);
  let share = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const move = newtonMove(pairs, best);
    if (!move || share * (Math.abs(move.offset) + Math.abs(move.slope)) < STILL) break;
    const next = { offset: best.offset + share * move.offset, slope: best.slope + share * move.slope };
    const there = misfit(pairs, next);
    if (there <= least) {
      [best, least] = [next, there];
      share = Math.min(1, 2 * share);
    } else share /= 2;
  }
  if (!Number.isFinite(best.offset + best.slope + least))
    throw new Error(
      'expected errors cannot be fitted: some are zero or no numbers, or no point is off its place',
    );
  return best;
}

/** What is made least, the gamma law's negative log likelihood: mean of `log(expected) + distance / expected`. */
function misfit(pairs: readonly ErrorPair[], { offset, slope }: SpreadCorrection): number {
  return mean(
    pairs.map(({ distance, spread }) => {
      const log = offset + slope * Math.log(spread);
      return log + distance * Math.exp(-log);
    }),
  );
}

/**
 * Newton's method with the expected Hessian: a regression of (distance - expected) / expected on log spread. Undefined where
 * spreads are all alike, so that nothing tells the slope.
 */
function newtonMove(
  pairs: readonly ErrorPair[],
  { offset, slope }: SpreadCorrection,
): SpreadCorrection | undefined {
  let [n, x1, x2, y0, y1] = [0, 0, 0, 0, 0];
  for (const { distance, spread } of pairs) {
    const x = Math.log(spread);
    const residual = distance / Math.exp(offset + slope * x) - 1;
    n++;
    x1 += x;
    x2 += x * x;
    y0 += residual;
    y1 += residual * x;
  }
  const determinant = n * x2 - x1 * x1;
  if (!(determinant > 1e-9 * n * x2)) return undefined;
  return { offset: (x2 * y0 - x1 * y1) / determinant, slope: (n * y1 - x1 * y0) / determinant };
}

/** The shape that maximises the likelihood of distances whose means are the spreads. */
export function fitLaw(pairs: readonly ErrorPair[]): ErrorLaw {
  const ratios = pairs.map(({ distance, spread }) => Math.max(1e-6, distance / spread));
  const logs = ratios.map(Math.log);
  const meanLog = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const likelihood = (shape: number): number => {
    const logScale = -logGamma(1 + 1 / shape);
    let power = 0;
    for (const log of logs) power += Math.exp(shape * (log - logScale));
    return Math.log(shape) - shape * logScale + (shape - 1) * meanLog - power / logs.length;
  };
  // Golden section; the likelihood has one maximum.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0.3, 4];
  while (high - low > 1e-4) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (likelihood(a) > likelihood(b)) high = b;
    else low = a;
  }
  return { law: 'weibull', shape: (low + high) / 2 };
}
