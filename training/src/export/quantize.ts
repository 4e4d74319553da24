import type { FoldedLayer } from './fold.ts';

/** Whole numbers -127..127 and what one step is worth in each output channel. */
export interface QuantizedKernel {
  readonly levels: Int8Array;
  readonly scale: Float32Array;
}

/** A layer as it is stored: the kernel's weight `i` is `levels[i] * scale[i % scale.length]`. */
export interface QuantizedLayer extends QuantizedKernel {
  readonly shape: readonly number[];
  readonly bias: Float32Array;
}

export type QuantizedLayers = ReadonlyMap<string, QuantizedLayer>;

/** Clipping ranges that are tried, as a share of the channel's largest weight. */
const RANGES = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7];

/** Every layer with all the levels that uint8 holds, each weight to the nearest: needs no data. */
export function quantizeLayers(layers: ReadonlyMap<string, FoldedLayer>): QuantizedLayers {
  return new Map(
    [...layers].map(([name, { shape, kernel, bias }]) => [
      name,
      { shape, bias, ...quantizeKernel(kernel, bias.length) },
    ]),
  );
}

/** The layers in float, as whoever reads the file will compute with them. */
export function dequantizeLayers(layers: QuantizedLayers): Map<string, FoldedLayer> {
  return new Map(
    [...layers].map(([name, { shape, levels, scale, bias }]) => {
      const kernel = new Float32Array(levels.length);
      for (let i = 0; i < kernel.length; i++) kernel[i] = levels[i] * scale[i % scale.length];
      return [name, { shape, kernel, bias }];
    }),
  );
}

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
