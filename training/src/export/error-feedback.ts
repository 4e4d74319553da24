import type { Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { cholesky } from './cholesky.ts';

/** Added to the covariance's diagonal, as a share of its mean (Frantar et al., 2022, use the same). */
const DAMPING = 0.01;
const BLOCK = 128;
/** uint8 holds 255 levels about zero. */
const LARGEST_LEVEL = 127;

/** A layer's input covariance, prepared for rounding: unit lower triangular L and d with L diag(d) L^T. */
export interface Feedback {
  readonly size: number;
  readonly lower: Float32Array;
  readonly variance: Float32Array;
}

export function prepareFeedback(engine: Engine, covariance: Float32Array): Feedback {
  const size = Math.round(Math.sqrt(covariance.length));
  const damped = covariance.slice();
  let trace = 0;
  for (let i = 0; i < size; i++) trace += covariance[i * size + i];
  const damping = (DAMPING * trace) / size || 1e-12;
  for (let i = 0; i < size; i++) damped[i * size + i] += damping;
  const lower = cholesky(engine, damped, size);
  const variance = new Float32Array(size);
  const diagonal = Float32Array.from({ length: size }, (_, i) => lower[i * size + i]);
  for (let i = 0; i < size; i++) {
    variance[i] = diagonal[i] ** 2;
    for (let j = 0; j <= i; j++) lower[i * size + j] /= diagonal[j];
  }
  return { size, lower, variance };
}

/**
 * Rounds a kernel `[n, channels]` to multiples of each channel's `step`, weight after weight, the error of those done
 * being made good by those still to come as far as their inputs go together: GPTQ (Frantar et al., 2022) in the form
 * that needs no inverse (LDLQ; Chee et al., "QuIP", 2023). Minimises the layer's output error on the calibration crops.
 * @returns the levels, -127..127, `[n, channels]`
 */
export function roundWithFeedback(
  { tf }: Engine,
  kernel: Float32Array,
  step: Float32Array,
  { size, lower }: Feedback,
): Int8Array {
  const channels = step.length;
  const levels = new Int8Array(kernel.length);
  const error = new Float32Array(kernel.length);
  for (let end = size; end > 0; end -= BLOCK) {
    const start = Math.max(0, end - BLOCK);
    const wanted = kernel.slice(start * channels, end * channels);
    if (end < size) {
      const below = size - end;
      const factors = new Float32Array(below * (end - start));
      for (let i = 0; i < below; i++) {
        factors.set(lower.subarray((end + i) * size + start, (end + i) * size + end), i * (end - start));
      }
      const product = tf.tidy(() =>
        (tf.tensor2d(factors, [below, end - start]) as Tensor2D).matMul(
          tf.tensor2d(error.subarray(end * channels), [below, channels]),
          true,
          false,
        ),
      );
      const carried = product.dataSync();
      product.dispose();
      for (let i = 0; i < wanted.length; i++) wanted[i] -= carried[i];
    }
    for (let row = end - 1; row >= start; row--) {
      const at = (row - start) * channels;
      for (let later = row + 1; later < end; later++) {
        const factor = lower[later * size + row];
        const from = later * channels;
        for (let c = 0; c < channels; c++) wanted[at + c] -= factor * error[from + c];
      }
      for (let c = 0; c < channels; c++) {
        const kept = levelOf(wanted[at + c], step[c]);
        levels[row * channels + c] = kept;
        error[row * channels + c] = kept * step[c] - kernel[row * channels + c];
      }
    }
  }
  return levels;
}

/** The same steps without feedback. */
export function roundToNearest(kernel: Float32Array, step: Float32Array): Int8Array {
  const levels = new Int8Array(kernel.length);
  for (let i = 0; i < levels.length; i++) levels[i] = levelOf(kernel[i], step[i % step.length]);
  return levels;
}

function levelOf(weight: number, step: number): number {
  return Math.max(-LARGEST_LEVEL, Math.min(LARGEST_LEVEL, Math.round(weight / step)));
}
