/** Whole numbers -127..127 and what one step is worth in each output channel. */
export interface QuantizedKernel {
  readonly levels: Int8Array;
  readonly scale: Float32Array;
}

/** Clipping ranges that are tried, as a share of the channel's largest weight. */
const RANGES = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7];

/**
 * Symmetric, a scale for each output channel (the last axis); of several ranges the one with the least squared error,
 * since a few large weights otherwise coarsen all others.
 */
export function quantizeKernel(kernel: Float32Array, channels: number): QuantizedKernel {
  const levels = new Int8Array(kernel.length);
  const scale = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let i = c; i < kernel.length; i += channels) largest = Math.max(largest, Math.abs(kernel[i]));
    let least = Infinity;
    for (const range of RANGES) {
      const step = (largest * range) / 127 || 1;
      let error = 0;
      for (let i = c; i < kernel.length; i += channels)
        error += (kernel[i] - step * level(kernel[i], step)) ** 2;
      if (error < least) {
        least = error;
        scale[c] = step;
      }
    }
    for (let i = c; i < kernel.length; i += channels) levels[i] = level(kernel[i], scale[c]);
  }
  return { levels, scale };
}

function level(weight: number, step: number): number {
  return Math.max(-127, Math.min(127, Math.round(weight / step)));
}
