import type { Random } from '../support/random.ts';
import { bilinear } from './bilinear.ts';

/** Where a place of the warped crop was before, as far as it has moved; all in crop units. */
export type Displacement = (x: number, y: number) => readonly [dx: number, dy: number];

/** Waves whose length is about the crop's side: they widen cheeks and lift mouths, and break no line. */
const WAVES = 3;
const LONGEST = 1.6;
const SHORTEST = 0.8;
/** Fixed-point steps that find where a place went; each leaves about a fifth of the error. */
const STEPS = 8;

/**
 * Another face's proportions: stretched along one axis, sheared, and bent by some long waves. Few people are in the training
 * sets, and a network soon knows them.
 * @param strength deviation of the stretch and the shear; the waves together move places by a fifth of it
 */
export function randomWarp(strength: number, random: Random): Displacement {
  const stretch = random.normal() * strength;
  const shear = random.normal() * strength;
  const turn = random.between(0, Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const waves = Array.from({ length: WAVES }, () => {
    const direction = random.between(0, 2 * Math.PI);
    const frequency = (2 * Math.PI) / random.between(SHORTEST, LONGEST);
    const amplitude = (0.2 * strength) / Math.sqrt(WAVES);
    return {
      fx: frequency * Math.cos(direction),
      fy: frequency * Math.sin(direction),
      phase: random.between(0, 2 * Math.PI),
      ax: random.normal() * amplitude,
      ay: random.normal() * amplitude,
    };
  });
  return (x, y) => {
    const along = (x - 0.5) * cos + (y - 0.5) * sin;
    const across = (y - 0.5) * cos - (x - 0.5) * sin;
    const moved = stretch * along + shear * across;
    let [dx, dy] = [moved * cos, moved * sin];
    for (const { fx, fy, phase, ax, ay } of waves) {
      const wave = Math.sin(fx * x + fy * y + phase);
      dx += ax * wave;
      dy += ay * wave;
    }
    return [dx, dy];
  };
}

/** Cells along a side of the grid between whose corners displacements are interpolated: waves are long, sines are dear. */
const CELLS = 16;

/**
 * @param from square of `fromSize * fromSize` values about the same centre as the crop, `reach` times as wide, and finer than
 *   it, so that neither is its edge shown nor anything blurred
 * @param to the crop, `size * size` values
 */
export function warpCrop(
  from: Float32Array,
  fromSize: number,
  reach: number,
  to: Float32Array,
  size: number,
  displacement: Displacement,
): void {
  const corners = Array.from({ length: CELLS + 1 }, (_, row) =>
    Array.from({ length: CELLS + 1 }, (_, col) => displacement(col / CELLS, row / CELLS)),
  );
  const scale = fromSize / reach;
  const start = (fromSize - scale) / 2;
  // Displacements along a row of the crop at the grid's columns, px of `from`.
  const dx = new Float32Array(CELLS + 1);
  const dy = new Float32Array(CELLS + 1);
  for (let row = 0, o = 0; row < size; row++) {
    const y = (row + 0.5) / size;
    const cell = Math.floor(y * CELLS);
    const below = y * CELLS - cell;
    for (let col = 0; col <= CELLS; col++) {
      const [upper, lower] = [corners[cell][col], corners[cell + 1][col]];
      dx[col] = scale * (upper[0] + below * (lower[0] - upper[0]));
      dy[col] = scale * (upper[1] + below * (lower[1] - upper[1]));
    }
    for (let col = 0; col < size; col++, o++) {
      const x = (col + 0.5) / size;
      const left = Math.floor(x * CELLS);
      const right = x * CELLS - left;
      const movedX = dx[left] + right * (dx[left + 1] - dx[left]);
      const movedY = dy[left] + right * (dy[left + 1] - dy[left]);
      to[o] = bilinear(from, fromSize, start + scale * x + movedX, start + scale * y + movedY);
    }
  }
}

/** Takes points along, in place: to the places that show what they marked. NaN stays. */
export function warpPoints(points: Float32Array, displacement: Displacement): void {
  for (let i = 0; i < points.length; i += 2) {
    let [x, y] = [points[i], points[i + 1]];
    for (let step = 0; step < STEPS; step++) {
      const [dx, dy] = displacement(x, y);
      x = points[i] - dx;
      y = points[i + 1] - dy;
    }
    points[i] = x;
    points[i + 1] = y;
  }
}
