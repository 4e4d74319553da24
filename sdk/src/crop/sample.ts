import type { Region } from './region.ts';

/** Pixels in memory: one grey byte a pixel, or RGBA. Rows from the top, no padding. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
}

/** More taps than this along one side gain nothing that a face landmark could show. */
const MAX_TAPS = 8;

/**
 * Cuts `region` out of `image` as a grey square of `size` x `size`, values 0..255 (ITU-R BT.601 luma).
 * Bilinear; where the crop is smaller than the region, the mean of a grid of taps in each output pixel, so that
 * nothing aliases. Outside the picture the nearest edge pixel repeats.
 * The GPU kernel in `runtime/webgpu` computes the same.
 */
export function sampleCrop(
  image: Pixels,
  region: Region,
  size: number,
  out: Float32Array = new Float32Array(size * size),
): Float32Array {
  const { data, width, height, channels } = image;
  const { x0, y0, dx, dy, taps } = cropTaps(region, size);
  const luma =
    channels === 1
      ? (x: number, y: number) => data[y * width + x]
      : (x: number, y: number) => {
          const i = (y * width + x) * 4;
          return 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
        };
  const scale = 1 / (taps * taps);
  for (let row = 0, o = 0; row < size; row++) {
    for (let col = 0; col < size; col++, o++) {
      let sum = 0;
      for (let v = row * taps; v < (row + 1) * taps; v++) {
        for (let u = col * taps; u < (col + 1) * taps; u++) {
          const x = clamp(x0 + u * dx - v * dy, width - 1);
          const y = clamp(y0 + u * dy + v * dx, height - 1);
          const xi = Math.min(x | 0, Math.max(0, width - 2));
          const yi = Math.min(y | 0, Math.max(0, height - 2));
          const fx = x - xi;
          const fy = y - yi;
          const xn = Math.min(xi + 1, width - 1);
          const yn = Math.min(yi + 1, height - 1);
          const top = luma(xi, yi) * (1 - fx) + luma(xn, yi) * fx;
          const bottom = luma(xi, yn) * (1 - fx) + luma(xn, yn) * fx;
          sum += top * (1 - fy) + bottom * fy;
        }
      }
      out[o] = sum * scale;
    }
  }
  return out;
}

/**
 * The grid of taps for a crop of `size` x `size`, `taps` along each side of an output pixel: the first one's place, in
 * coordinates where pixel (0, 0) has its centre at (0, 0), and the step to the next along a row.
 */
export function cropTaps(
  region: Region,
  size: number,
): {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly taps: number;
} {
  const step = region.size / size;
  const taps = Math.min(MAX_TAPS, Math.max(1, Math.ceil(step)));
  const dx = (Math.cos(region.angle) * step) / taps;
  const dy = (Math.sin(region.angle) * step) / taps;
  const half = (size * taps - 1) / 2;
  return {
    x0: region.cx - 0.5 - half * dx + half * dy,
    y0: region.cy - 0.5 - half * dy - half * dx,
    dx,
    dy,
    taps,
  };
}

function clamp(value: number, max: number): number {
  return value < 0 ? 0 : value > max ? max : value;
}

/**
 * Grey values to the network's input, in place: minus their own mean, over their own deviation, so that
 * brightness and contrast of the picture do not matter. A flat crop becomes zeros.
 */
export function normalizeCrop(crop: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const value of crop) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / crop.length;
  const deviation = Math.sqrt(Math.max(0, squares / crop.length - mean * mean) + 1);
  for (let i = 0; i < crop.length; i++) crop[i] = (crop[i] - mean) / deviation;
  return crop;
}
