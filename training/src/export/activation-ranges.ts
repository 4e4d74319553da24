import type { Tensor } from '@tensorflow/tfjs';
import { randomOf } from '../support/random.ts';
import type { FoldedNetwork } from './folded-network.ts';
import type { LayerHooks } from './folded-layers.ts';

const LEVELS = 127;
/** Ranges that are tried, as a share of the largest magnitude seen. */
const SHARES = Array.from({ length: 16 }, (_, i) => 1 - 0.05 * i);
/** Values of a layer that are kept of each batch. */
const KEPT = 4096;

/**
 * For each layer's input the range whose 8-bit rounding has the least squared error on `crops` (symmetric, one scale a
 * tensor); clipping a few large values makes all others finer.
 */
export function activationRanges(
  network: FoldedNetwork,
  crops: Float32Array,
  size: number,
): Record<string, number> {
  const seen = new Map<string, number[]>();
  const random = randomOf(size, 5);
  network.predict(crops, size, {
    input: (layer, x) => {
      const values = x.dataSync();
      const kept = seen.get(layer) ?? [];
      for (let i = 0; i < KEPT; i++) kept.push(Math.abs(values[random.index(values.length)]));
      seen.set(layer, kept);
      return x;
    },
  });
  return Object.fromEntries([...seen].map(([layer, values]) => [layer, bestRange(values)]));
}

function bestRange(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const errorOf = (range: number) => {
    const step = range / LEVELS;
    return values.reduce((sum, value) => {
      return sum + (value - Math.min(LEVELS, Math.round(value / step)) * step) ** 2;
    }, 0);
  };
  const tried = SHARES.map((share) => ({ range: largest * share, error: errorOf(largest * share) }));
  return tried.reduce((best, next) => (next.error < best.error ? next : best)).range;
}

/** Rounds what each layer is given to 8 bits, as kernels that compute with whole numbers would. */
export function roundActivations(ranges: Readonly<Record<string, number>>): LayerHooks {
  return {
    input: (layer: string, x: Tensor) => {
      const step = ranges[layer] / LEVELS;
      return x.div(step).round().clipByValue(-LEVELS, LEVELS).mul(step);
    },
  };
}
