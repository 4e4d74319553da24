import type { Parameter } from '../models/parameters.ts';

/** What Kingma and Ba recommend. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Both moments and the averaged weights of one parameter. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Exponential moving average of the weights: what is evaluated and exported. */
  readonly average: Float32Array;
}

export function newMoments(parameter: Parameter): Moments {
  return {
    first: new Float32Array(parameter.values.length),
    second: new Float32Array(parameter.values.length),
    average: parameter.values.slice(),
  };
}

/** The average's memory grows with the run up to `target`, so that it is of use from the first epoch on. */
export function averagingAt(step: number, target: number): number {
  return Math.min(target, (1 + step) / (10 + step));
}

/** The rate, corrected for moments that start at zero. @param step counted from 1 */
export function adamScale(rate: number, step: number): number {
  return (rate * Math.sqrt(1 - ADAM.beta2 ** step)) / (1 - ADAM.beta1 ** step);
}

/**
 * One step of Adam (Kingma and Ba, 2015) and of the moving average, in place and in one pass over memory: a dozen
 * tensor operations an update would each write a fresh copy of the weights.
 * @param step counted from 1
 */
export function adamStep(
  parameter: Parameter,
  moments: Moments,
  gradient: Float32Array,
  rate: number,
  step: number,
  averaging: number,
): void {
  const { values } = parameter;
  const { first, second, average } = moments;
  const { beta1, beta2, epsilon } = ADAM;
  const scale = adamScale(rate, step);
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i];
    const m = (first[i] += (1 - beta1) * (g - first[i]));
    const v = (second[i] += (1 - beta2) * (g * g - second[i]));
    const w = (values[i] -= (scale * m) / (Math.sqrt(v) + epsilon));
    average[i] += (1 - averaging) * (w - average[i]);
  }
}

/** Running statistics follow their batch's, and their average follows them. */
export function follow(
  parameter: Parameter,
  moments: Moments,
  seen: Float32Array,
  momentum: number,
  averaging: number,
): void {
  const { values } = parameter;
  for (let i = 0; i < values.length; i++) {
    values[i] += (1 - momentum) * (seen[i] - values[i]);
    moments.average[i] += (1 - averaging) * (values[i] - moments.average[i]);
  }
}
