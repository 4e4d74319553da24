/** Filters that the kernel computes at once. */
export const BLOCK = 8;

/** Values that a lane multiplies and sums at once: two activations of up to 16 bits, or four of 7 bits, none below zero. */
export type Group = 2 | 4;

/** Weights as the kernels read them. */
export interface IntegerWeights {
  /** Blocks of 8 filters; in a block rows of the kernel; in a row groups of values, for each filter in turn. */
  readonly weights: Int8Array;
  readonly group: Group;
  /** One a filter: the weight that 1 stands for. */
  readonly scales: Float32Array;
  /** How many groups make a row of the kernel with all its channels. */
  readonly groups: number;
  /** Largest integer that an activation may become: it fits its bits, and no sum leaves 32. */
  readonly limit: number;
}

const LARGEST_WEIGHT = 127;
const LARGEST_ACTIVATION: Readonly<Record<Group, number>> = { 2: 2 ** 15 - 1, 4: 2 ** 7 - 1 };
const LARGEST_SUM = 2 ** 31 - 1;

/**
 * A kernel of 8 filters or more in whole numbers, as a file of 8-bit weights holds it: each filter's weights are multiples of
 * a step of its own, 127 at most. Undefined where they are not, as those of a float32 file: nothing is rounded here.
 * @param kernel `[height, width, channels, filters]`
 */
export function integerWeights(
  kernel: Float32Array,
  shape: readonly number[],
  group: Group,
): IntegerWeights | undefined {
  const [height, width, channels, filters] = shape;
  if (filters < BLOCK) return undefined;
  const row = width * channels;
  const groups = Math.ceil(row / group);
  const steps = Array.from({ length: filters }, (_, filter) => stepOf(kernel, filter, filters));
  if (!steps.every((step) => step !== undefined)) return undefined;
  const scales = Float32Array.from(steps);
  const blocks = Math.ceil(filters / BLOCK);
  const weights = new Int8Array(blocks * height * groups * group * BLOCK);
  const sums = new Float64Array(filters);
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    const first = Math.min(block * BLOCK, filters - BLOCK);
    for (let y = 0; y < height; y++) {
      for (let start = 0; start < groups * group; start += group) {
        for (let i = 0; i < group * BLOCK; i++, at++) {
          const filter = first + Math.floor(i / group);
          const value = start + (i % group);
          if (value >= row || scales[filter] === 0) continue;
          weights[at] = Math.round(kernel[(y * row + value) * filters + filter] / scales[filter]);
          // Filters of two blocks are counted twice, which is on the safe side.
          sums[filter] += Math.abs(weights[at]);
        }
      }
    }
  }
  const limit = Math.min(LARGEST_ACTIVATION[group], Math.floor(LARGEST_SUM / Math.max(1, ...sums)));
  return { weights, group, scales, groups, limit };
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
