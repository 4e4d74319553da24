import type { Pixels } from '../crop/sample.ts';

/** Where the picture lies in the square: square px = picture px * scale + offset. */
export interface Letterbox {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

export function letterboxOf(width: number, height: number, size: number): Letterbox {
  const scale = size / Math.max(width, height);
  return { scale, dx: (size - width * scale) / 2, dy: (size - height * scale) / 2 };
}

/**
 * The whole picture, centred in a square `[size, size, 3]` of RGB from -1 to 1 with black margins.
 * Each pixel is the mean of those it covers; enlarged pictures repeat pixels, which a detector does not mind.
 * Our own resizing, as browsers' canvases filter differently from one another.
 */
export function letterboxRgb(
  { data, width, height, channels }: Pixels,
  size: number,
  out: Float32Array = new Float32Array(size * size * 3),
): Float32Array {
  const { scale, dx, dy } = letterboxOf(width, height, size);
  const columns = ranges(size, dx, scale, width);
  const rows = ranges(size, dy, scale, height);
  const green = channels === 4 ? 1 : 0;
  out.fill(-1);
  for (let row = 0; row < size; row++) {
    const top = rows[2 * row];
    const bottom = rows[2 * row + 1];
    for (let col = 0; col < size; col++) {
      const left = columns[2 * col];
      const right = columns[2 * col + 1];
      const count = (bottom - top) * (right - left);
      if (count <= 0) continue;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left, i = (y * width + left) * channels; x < right; x++, i += channels) {
          r += data[i];
          g += data[i + green];
          b += data[i + 2 * green];
        }
      }
      const o = (row * size + col) * 3;
      const norm = 1 / (127.5 * count);
      out[o] = r * norm - 1;
      out[o + 1] = g * norm - 1;
      out[o + 2] = b * norm - 1;
    }
  }
  return out;
}

/** For each of `size` output pixels the half-open range of source pixels that it covers; empty in the margin. */
function ranges(size: number, offset: number, scale: number, length: number): Int32Array {
  const out = new Int32Array(2 * size);
  for (let i = 0; i < size; i++) {
    const centre = (i + 0.5 - offset) / scale;
    if (centre < 0 || centre >= length) continue;
    const start = Math.max(0, Math.round(centre - 0.5 / scale));
    const end = Math.min(length, Math.round(centre + 0.5 / scale));
    out[2 * i] = end > start ? start : Math.floor(centre);
    out[2 * i + 1] = end > start ? end : Math.floor(centre) + 1;
  }
  return out;
}
