import { LANDMARK_GROUPS } from './schema.ts';

/** Turn of the head, degrees, 0 when facing the camera. An estimate: good to some 5 to 10 degrees. */
export interface Pose {
  /** Positive when the face turns to its own left, i.e. to the right of a picture that is not mirrored. */
  readonly yaw: number;
  /** Positive when the face looks up. */
  readonly pitch: number;
  /** Positive when the head leans clockwise in the picture. */
  readonly roll: number;
}

/**
 * Landmarks and where they lie on an average head: x to the picture's right, y down, z away from the camera.
 * The depths are scaled so that the median yaw agrees with AFLW2000's, from 15 to 60 degrees.
 */
const MODEL: readonly (readonly [landmark: number, x: number, y: number, z: number])[] = [
  [30, 0, 0, 0],
  [8, 0, 330, 104],
  [36, -225, -170, 216],
  [45, 225, -170, 216],
  [48, -150, 150, 200],
  [54, 150, 150, 200],
  [27, 0, -165, 120],
];

/**
 * Pose by scaled orthography: the affine map of an average head to the points by least squares, then its nearest
 * rotation (first step of POSIT: DeMenthon and Davis, "Model-Based Object Pose in 25 Lines of Code", 1995).
 * @param points x0, y0, x1, … of 68 landmarks, px
 */
export function estimatePose(points: ArrayLike<number>): Pose {
  const n = MODEL.length;
  const mean = [0, 0, 0];
  for (const [, ...p] of MODEL) for (let k = 0; k < 3; k++) mean[k] += p[k] / n;
  let mx = 0;
  let my = 0;
  for (const [i] of MODEL) {
    mx += points[2 * i] / n;
    my += points[2 * i + 1] / n;
  }
  const ata = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const bx = [0, 0, 0];
  const by = [0, 0, 0];
  for (const [i, ...p] of MODEL) {
    const d = p.map((value, k) => value - mean[k]);
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) ata[3 * r + c] += d[r] * d[c];
      bx[r] += d[r] * (points[2 * i] - mx);
      by[r] += d[r] * (points[2 * i + 1] - my);
    }
  }
  let u = normalize(solve(ata, bx));
  let v = normalize(solve(ata, by));
  // Orthonormal rows, both moved alike.
  const skew = dot(u, v) / 2;
  [u, v] = [
    normalize(u.map((value, k) => value - skew * v[k])),
    normalize(v.map((value, k) => value - skew * u[k])),
  ];
  const w = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  // R = Rz(roll) Ry(a) Rx(b); z points away from the camera, hence the signs.
  return {
    yaw: degrees(Math.asin(Math.max(-1, Math.min(1, w[0])))),
    pitch: degrees(Math.atan2(-w[1], w[2])),
    roll: degrees(Math.atan2(v[0], u[0])),
  };
}

/** Solves a symmetric 3 x 3 system by Cramer's rule. */
function solve(m: readonly number[], b: readonly number[]): number[] {
  const det = (a: readonly number[]): number =>
    a[0] * (a[4] * a[8] - a[5] * a[7]) -
    a[1] * (a[3] * a[8] - a[5] * a[6]) +
    a[2] * (a[3] * a[7] - a[4] * a[6]);
  const d = det(m);
  return [0, 1, 2].map((col) => det(m.map((value, i) => (i % 3 === col ? b[Math.floor(i / 3)] : value))) / d);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function normalize(a: readonly number[]): number[] {
  const length = Math.sqrt(dot(a, a)) || 1;
  return a.map((value) => value / length);
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

/**
 * Whether points could be a face: finite, the mouth below the eyes (in the face's own axes), eyes apart.
 * Rejects what a network makes of a crop that holds something else.
 */
export function isPlausibleFace(points: ArrayLike<number>): boolean {
  for (let i = 0; i < points.length; i++) if (!Number.isFinite(points[i])) return false;
  const [rx, ry] = centre(points, LANDMARK_GROUPS.rightEye);
  const [lx, ly] = centre(points, LANDMARK_GROUPS.leftEye);
  const [mx, my] = centre(points, LANDMARK_GROUPS.outerLips);
  const dx = lx - rx;
  const dy = ly - ry;
  const eyes = Math.hypot(dx, dy);
  const chin = Math.hypot(points[16] - (rx + lx) / 2, points[17] - (ry + ly) / 2);
  if (eyes < 2 || eyes < 0.1 * chin) return false;
  const down = ((mx - (rx + lx) / 2) * -dy + (my - (ry + ly) / 2) * dx) / eyes;
  return down > 0.2 * eyes && down < 8 * eyes;
}

function centre(points: ArrayLike<number>, [start, end]: readonly [number, number]): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = start; i < end; i++) {
    x += points[2 * i];
    y += points[2 * i + 1];
  }
  return [x / (end - start), y / (end - start)];
}
