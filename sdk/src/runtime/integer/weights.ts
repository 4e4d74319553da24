/** Filters that the kernel computes at once. */
export const BLOCK = 8;

/** Weights as the kernel reads them. */
export interface IntegerWeights {
  /** Blocks of 8 filters; in a block rows of the kernel; in a row pairs of values, for each filter in turn. */
  readonly weights: Int8Array;
  /** One a filter: the weight that 1 stands for. */
  readonly scales: Float32Array;
  /** Of values along a row of the kernel with all its channels. */
  readonly pairs: number;
  /** Largest integer that an activation may become, so that no sum leaves 32 bits. */
  readonly limit: number;
}

const LARGEST_WEIGHT = 127;
const LARGEST_ACTIVATION = 2 ** 15 - 1;
const LARGEST_SUM = 2 ** 31 - 1;

/**
 * A kernel of 8 filters or more in whole numbers, as a file of 8-bit weights holds it: each filter's weights are multiples of
 * a step of its own, 127 at most. Undefined where they are not, as those of a float32 file: nothing is rounded here.
 * @param kernel `[height, width, channels, filters]`
 */
export function integerWeights(kernel: Float32Array, shape: readonly number[]): IntegerWeights | undefined {
  const [height, width, channels, filters] = shape;
  if (filters < BLOCK) return undefined;
  const row = width * channels;
  const pairs = Math.ceil(row / 2);
  const steps = Array.from({ length: filters }, (_, filter) => stepOf(kernel, filter, filters));
  if (!steps.every((step) => step !== undefined)) return undefined;
  const scales = Float32Array.from(steps);
  const blocks = Math.ceil(filters / BLOCK);
  const weights = new Int8Array(blocks * height * pairs * 2 * BLOCK);
  const sums = new Float64Array(filters);
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    const first = Math.min(block * BLOCK, filters - BLOCK);
    for (let y = 0; y < height; y++) {
      for (let pair = 0; pair < pairs; pair++) {
        for (let i = 0; i < 2 * BLOCK; i++, at++) {
          const filter = first + (i >> 1);
          const value = 2 * pair + (i & 1);
          if (value >= row || scales[filter] === 0) continue;
          weights[at] = Math.round(kernel[(y * row + value) * filters + filter] / scales[filter]);
          // Filters of two blocks are counted twice, which is on the safe side.
          sums[filter] += Math.abs(weights[at]);
        }
      }
    }
  }
  const limit = Math.min(LARGEST_ACTIVATION, Math.floor(LARGEST_SUM / Math.max(1, ...sums)));
  return { weights, scales, pairs, limit };
}

/** What the weights of `filter` are multiples of, 127 at most; 0 of none but zeros; undefined where there is no such step. */
function stepOf(kernel: Float32Array, filter: number, filters: number): number | undefined {
  let largest = 0;
  for (let i = filter; i < kernel.length; i += filters) largest = Math.max(largest, Math.abs(kernel[i]));
  if (largest === 0) return 0;
  for (let levels = 1; levels <= LARGEST_WEIGHT; levels++) {
    if (areMultiples(kernel, filter, filters, largest / levels)) return largest / levels;
  }
  return undefined;
}

function areMultiples(kernel: Float32Array, filter: number, filters: number, step: number): boolean {
  for (let i = filter; i < kernel.length; i += filters) {
    const value = kernel[i] / step;
    if (Math.abs(value - Math.round(value)) > 1e-3) return false;
  }
  return true;
}
