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
 * The kernels in `crop.wgsl.ts` and `sdk/assembly/crop.ts` compute the same.
 */
export function sampleCrop(
  image: Pixels,
  region: Region,
  size: number,
  out: Float32Array = new Float32Array(size * size),
): Float32Array {
  const grid = cropTaps(region, size);
  const grey = greyUnder(image, grid, size * grid.taps - 1);
  if (grey.inside) sampleInside(grey, grid, size, out);
  else sampleClamped(image, grey, grid, size, out);
  return out;
}

/** No tap reaches over the picture's edge, which is the rule: no clamping, twice as fast. */
function sampleInside(
  { data, left, top, stride }: Grey,
  { x0, y0, dx, dy, taps }: TapGrid,
  size: number,
  out: Float32Array,
): void {
  const scale = 1 / (taps * taps);
  for (let row = 0, o = 0; row < size; row++) {
    for (let col = 0; col < size; col++, o++) {
      let sum = 0;
      for (let v = row * taps; v < (row + 1) * taps; v++) {
        let x = x0 - left + col * taps * dx - v * dy;
        let y = y0 - top + col * taps * dy + v * dx;
        for (let u = 0; u < taps; u++, x += dx, y += dy) {
          const xi = x | 0;
          const yi = y | 0;
          const fx = x - xi;
          const i = yi * stride + xi;
          const above = data[i] + (data[i + 1] - data[i]) * fx;
          const below = data[i + stride] + (data[i + stride + 1] - data[i + stride]) * fx;
          sum += above + (below - above) * (y - yi);
        }
      }
      out[o] = sum * scale;
    }
  }
}

function sampleClamped(
  { width, height }: Pixels,
  { data, left, top, stride }: Grey,
  { x0, y0, dx, dy, taps }: TapGrid,
  size: number,
  out: Float32Array,
): void {
  // A picture of one column or row has no neighbours to blend with.
  const right = width > 1 ? 1 : 0;
  const under = height > 1 ? stride : 0;
  const lastX = Math.max(0, width - 2);
  const lastY = Math.max(0, height - 2);
  const scale = 1 / (taps * taps);
  for (let row = 0, o = 0; row < size; row++) {
    for (let col = 0; col < size; col++, o++) {
      let sum = 0;
      for (let v = row * taps; v < (row + 1) * taps; v++) {
        for (let u = col * taps; u < (col + 1) * taps; u++) {
          const x = clamp(x0 + u * dx - v * dy, width - 1);
          const y = clamp(y0 + u * dy + v * dx, height - 1);
          const xi = Math.min(x | 0, lastX);
          const yi = Math.min(y | 0, lastY);
          const fx = x - xi;
          const i = (yi - top) * stride + xi - left;
          const above = data[i] + (data[i + right] - data[i]) * fx;
          const below = data[i + under] + (data[i + under + right] - data[i + under]) * fx;
          sum += above + (below - above) * (y - yi);
        }
      }
      out[o] = sum * scale;
    }
  }
}

/** ITU-R BT.601, of and in 0..255. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** A part of a picture as luma, rows of `stride` values. */
interface Grey {
  readonly data: Float32Array;
  readonly left: number;
  readonly top: number;
  readonly stride: number;
  /** Every tap and its neighbours lie in the picture. */
  readonly inside: boolean;
}

/** Where the taps of a crop lie: the first one's place and the step to the next along a row. */
interface TapGrid {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  /** Along each side of an output pixel. */
  readonly taps: number;
}

/** Kept between calls, as fresh memory is dear; grown when needed. */
let scratch = new Float32Array(0);

/**
 * Luma of every pixel that a grid of taps may touch, computed once: taps overlap, and there are four pixels to a tap.
 * @param last index of the last tap along each side
 */
function greyUnder(image: Pixels, { x0, y0, dx, dy }: TapGrid, last: number): Grey {
  const { data, width, height, channels } = image;
  const xs = [x0, x0 + last * dx, x0 - last * dy, x0 + last * (dx - dy)];
  const ys = [y0, y0 + last * dy, y0 + last * dx, y0 + last * (dy + dx)];
  const inside =
    Math.min(...xs) > 0 && Math.min(...ys) > 0 && Math.max(...xs) < width - 1 && Math.max(...ys) < height - 1;
  // One pixel more all around, for the neighbour and for rounding.
  const left = clamp(Math.floor(Math.min(...xs)) - 1, width - 1);
  const right = clamp(Math.ceil(Math.max(...xs)) + 1, width - 1);
  const top = clamp(Math.floor(Math.min(...ys)) - 1, height - 1);
  const bottom = clamp(Math.ceil(Math.max(...ys)) + 1, height - 1);
  // Beside the picture the last column and the one before it are still read.
  const from = Math.max(0, Math.min(left, width - 2));
  const above = Math.max(0, Math.min(top, height - 2));
  const stride = Math.max(right, Math.min(from + 1, width - 1)) - from + 1;
  const rows = Math.max(bottom, Math.min(above + 1, height - 1)) - above + 1;
  if (scratch.length < stride * rows) scratch = new Float32Array(stride * rows);
  for (let y = 0, o = 0; y < rows; y++) {
    let i = ((above + y) * width + from) * channels;
    if (channels === 1) for (let x = 0; x < stride; x++) scratch[o++] = data[i++];
    else {
      for (let x = 0; x < stride; x++, i += 4) {
        scratch[o++] = luma(data[i], data[i + 1], data[i + 2]);
      }
    }
  }
  return { data: scratch, left: from, top: above, stride, inside };
}

/**
 * The grid of taps for a crop of `size` x `size`, in coordinates where pixel (0, 0) has its centre at (0, 0).
 */
export function cropTaps(region: Region, size: number): TapGrid {
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
