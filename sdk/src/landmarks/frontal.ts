import { MEAN_FACE } from './mean-face.ts';
import type { Pose } from './pose.ts';
import { LANDMARK_COUNT } from './schema.ts';

/** Landmarks that hold still whatever the face does: brows, nose, eye corners. They give the scale. */
const STILL = [27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 39, 42, 45] as const;
/** Beyond this turn there is too little left of the far side to turn it back. */
const LEAST_COSINE = 0.3;

/**
 * The landmarks as they would lie if the face looked straight into the camera: the pose is undone with the depths of the
 * mean face. Lengths then compare between poses; what is hidden stays a guess.
 * @param points x0, y0, x1, … of 68 landmarks, px
 * @returns x0, y0, x1, …; the unit is about the distance between the outer eye corners, the origin is somewhere
 */
export function frontalize(points: ArrayLike<number>, { yaw, pitch, roll }: Pose): Float32Array {
  const [a, b, c] = [-yaw, -pitch, roll].map((angle) => (angle * Math.PI) / 180);
  // Rows of R = Rz(c) Ry(a) Rx(b) that reach the picture, after the lean is undone.
  const [r0, r1, r2] = [Math.cos(a), Math.sin(a) * Math.sin(b), Math.sin(a) * Math.cos(b)];
  const [r4, r5] = [Math.cos(b), -Math.sin(b)];
  const upright = (i: number): [number, number] => [
    points[2 * i] * Math.cos(c) + points[2 * i + 1] * Math.sin(c),
    points[2 * i + 1] * Math.cos(c) - points[2 * i] * Math.sin(c),
  ];
  const place = (i: number): readonly number[] => [0, 1, 2].map((k) => MEAN_FACE[3 * i + k] / 1000);

  const seen = STILL.map(upright);
  const known = STILL.map((i) => {
    const [x, y, z] = place(i);
    return [r0 * x + r1 * y + r2 * z, r4 * y + r5 * z] as const;
  });
  const mean = (list: readonly (readonly [number, number])[], k: 0 | 1): number =>
    list.reduce((sum, point) => sum + point[k], 0) / list.length;
  const [su, sv, ku, kv] = [mean(seen, 0), mean(seen, 1), mean(known, 0), mean(known, 1)];
  let product = 0;
  let square = 0;
  seen.forEach(([u, v], i) => {
    product += (u - su) * (known[i][0] - ku) + (v - sv) * (known[i][1] - kv);
    square += (known[i][0] - ku) ** 2 + (known[i][1] - kv) ** 2;
  });
  const scale = product / square;

  const out = new Float32Array(2 * LANDMARK_COUNT);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const [u, v] = upright(i);
    const [, , z] = place(i);
    const y = ((v - sv) / scale + kv - r5 * z) / Math.max(LEAST_COSINE, r4);
    out[2 * i] = ((u - su) / scale + ku - r1 * y - r2 * z) / Math.max(LEAST_COSINE, r0);
    out[2 * i + 1] = y;
  }
  return out;
}
