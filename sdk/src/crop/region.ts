/**
 * A region of interest: a square in the picture, turned about its centre.
 * Pixels of the picture, pixel centres at whole numbers plus one half (the picture spans 0..width).
 */
export interface Region {
  /** Centre, px. */
  readonly cx: number;
  readonly cy: number;
  /** Side, px. */
  readonly size: number;
  /** Turn of the square's x axis from the picture's, radians, clockwise on the screen. */
  readonly angle: number;
}

/**
 * The square around landmarks, `factor` times as large as the longer side of their bounding box.
 * The box is taken along axes turned by `angle`, so that an upright crop of a turned head is as tight as any.
 * @param points x0, y0, x1, … in px; pairs with NaN are left out
 */
export function regionOfPoints(points: ArrayLike<number>, factor: number, angle = 0): Region {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    const u = points[i] * cos + points[i + 1] * sin;
    const v = points[i + 1] * cos - points[i] * sin;
    if (!(u === u && v === v)) continue;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  return {
    cx: u * cos - v * sin,
    cy: u * sin + v * cos,
    size: Math.max(right - left, bottom - top) * factor,
    angle,
  };
}

/** Crop units (0..1 along each side of the square) to pixels of the picture. `out` may be `points`. */
export function cropToImage(
  points: ArrayLike<number>,
  region: Region,
  out: Float32Array = new Float32Array(points.length),
): Float32Array {
  const cos = Math.cos(region.angle) * region.size;
  const sin = Math.sin(region.angle) * region.size;
  for (let i = 0; i < points.length; i += 2) {
    const u = points[i] - 0.5;
    const v = points[i + 1] - 0.5;
    out[i] = region.cx + u * cos - v * sin;
    out[i + 1] = region.cy + u * sin + v * cos;
  }
  return out;
}

/** The inverse of {@link cropToImage}: pixels of the picture to crop units. `out` may be `points`. */
export function imageToCrop(
  points: ArrayLike<number>,
  region: Region,
  out: Float32Array = new Float32Array(points.length),
): Float32Array {
  const cos = Math.cos(region.angle) / region.size;
  const sin = Math.sin(region.angle) / region.size;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] - region.cx;
    const y = points[i + 1] - region.cy;
    out[i] = 0.5 + x * cos + y * sin;
    out[i + 1] = 0.5 + y * cos - x * sin;
  }
  return out;
}
