import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { inverse } from './cholesky.ts';

const ROUNDS = 30;

/** `problems` regressions of `rows` rows at once. */
export interface Rows {
  /** `[problems, rows, features]`. */
  readonly features: Tensor3D;
  /** `[problems, rows]`, what is to be expected; above zero. */
  readonly values: Tensor2D;
  /** `[problems, rows]`, 1 for rows that count, else 0. */
  readonly counts: Tensor2D;
}

/**
 * Weights whose products with the features are the logarithms of the expected values: gamma regression by Fisher's scoring
 * (McCullagh and Nelder, "Generalized Linear Models", 1989, chapter 8), with a ridge.
 * @param ridge twice the penalty on a squared weight, for each feature, where a row counts one
 * @returns `[problems, features]`
 */
export function gammaRegression(engine: Engine, rows: Rows, ridge: readonly number[]): Float32Array {
  const { tf } = engine;
  const { features, values, counts } = rows;
  const [problems, , width] = features.shape;
  const total = counts.sum(1, true).maximum(1);
  const penalty = tf.tensor2d([...ridge], [1, width]);

  const products = (features.mul(counts.expandDims(2)) as Tensor3D).matMul(features, true, false) as Tensor3D;
  const curvature = products.div(total.expandDims(2)).dataSync() as Float32Array;
  const inverses = tf.tensor3d(inversesOf(curvature, ridge, problems), [problems, width, width]);

  const logarithms = (weights: Tensor) => features.matMul(weights.expandDims(2)).squeeze([2]);
  const objective = (weights: Tensor) => {
    const log = logarithms(weights);
    const misfit = log.add(values.mul(log.neg().exp())).mul(counts).sum(1, true).div(total);
    return misfit.add(weights.square().mul(penalty).mul(0.5).sum(1, true));
  };
  let weights: Tensor = tf.zeros([problems, width]);
  let step: Tensor = tf.ones([problems, 1]);
  let reached = objective(weights);
  for (let round = 0; round < ROUNDS; round++) {
    const residual = values.mul(logarithms(weights).neg().exp()).sub(1).mul(counts).div(total);
    const uphill = features.matMul(residual.expandDims(2), true, false).squeeze([2]);
    const move = inverses.matMul(uphill.sub(weights.mul(penalty)).expandDims(2)).squeeze([2]);
    const next = weights.add(move.mul(step));
    const there = objective(next);
    const better = there.lessEqual(reached);
    weights = tf.where(better.tile([1, width]), next, weights);
    step = tf.where(better, step.mul(2).minimum(1), step.div(4));
    reached = tf.minimum(there, reached);
  }
  return Float32Array.from(weights.dataSync());
}

function inversesOf(curvature: Float32Array, ridge: readonly number[], problems: number): Float32Array {
  const width = ridge.length;
  const result = new Float32Array(curvature.length);
  for (let k = 0; k < problems; k++) {
    const one = Float64Array.from(curvature.subarray(k * width * width, (k + 1) * width * width));
    ridge.forEach((value, i) => (one[i * width + i] += value));
    result.set(inverse(one, width), k * width * width);
  }
  return result;
}
