/**
 * A mean face in three dimensions from annotated pictures of many faces, each seen once: structure from motion under
 * scaled orthography (Tomasi and Kanade, 1992) by alternation: every face's pose with the present mean, then the mean by
 * least squares under these poses, mirror-symmetric. People differ, which shrinks the depth that comes out; known yaw
 * of some faces sets its scale.
 */
import { fitBody, type BodyModel } from '../../../sdk/src/landmarks/body-fit.ts';
import {
  LANDMARK_COUNT,
  LANDMARK_GROUPS,
  MIRROR,
  OUTER_EYE_CORNERS,
} from '../../../sdk/src/landmarks/schema.ts';
import { median } from '../support/statistics.ts';

export interface PosedFace {
  /** x0, y0, x1, …; NaN where unknown. */
  readonly points: Float64Array;
  /** Degrees, positive when the face turns to the left of a picture that is not mirrored; sets the scale of depth. */
  readonly yaw?: number;
}

export interface MeanFace {
  /** x0, y0, z0, x1, …: origin midway between the outer eye corners, unit their distance, z away from the camera. */
  readonly positions: Float64Array;
  /** Standard deviation of each point's place over people and annotators, after the pose is taken out. */
  readonly deviations: Float64Array;
}

const ROUNDS = 50;
const CALIBRATION_ROUNDS = 10;
/** Points that only move with the skull, nearly: no jaw, no lower lip, no inner lips. */
const RIGID: readonly number[] = Array.from({ length: 55 - 17 }, (_, i) => 17 + i);
/** A point that fits too well would rule the pose, which then makes it fit. */
const LEAST_DEVIATION = 0.025;
const DEGREES = 180 / Math.PI;

export function meanFace(faces: readonly PosedFace[]): MeanFace {
  // A face that hides much of one side is no good for this.
  const clear = faces.filter(
    ({ points }) => RIGID.filter((i) => Number.isFinite(points[2 * i])).length > 0.8 * RIGID.length,
  );
  const both = [...clear, ...clear.map(mirrored)];
  let positions = initial(both);
  const deviations = new Float64Array(LANDMARK_COUNT).fill(0.03);
  for (let round = 0; round < ROUNDS + CALIBRATION_ROUNDS; round++) {
    const model: BodyModel = {
      landmarks: RIGID,
      positions: RIGID.flatMap((i) => [...positions.subarray(3 * i, 3 * i + 3)]),
      weights: RIGID.map((i) => 1 / Math.max(LEAST_DEVIATION, deviations[i]) ** 2),
      modes: [],
      nearness: [0, 0],
    };
    const fits = both.map((face) => fitBody(face.points, model));
    if (round < ROUNDS) {
      const rotations = fits.map(({ rotation }) => rotation);
      const placed = both.map(({ points }, f) => {
        const { scale, translation } = fits[f];
        return points.map((value, i) => (value - translation[i % 2]) / scale);
      });
      for (let i = 0; i < LANDMARK_COUNT; i++) {
        const { place, deviation } = solvePoint(i, placed, rotations, positions, deviations[i]);
        positions.set(place, 3 * i);
        if (round > 3) deviations[i] = deviation;
      }
      symmetrize(positions, deviations);
    }
    // The median pitch is where faces look straight ahead.
    const pitch = median(
      fits.filter((_, f) => both[f].yaw === undefined).map(({ rotation: r }) => Math.atan2(-r[7], r[8])),
    );
    const ratio = median(
      fits.flatMap(({ rotation: r }, f) => {
        const { yaw } = both[f];
        return yaw !== undefined && Math.abs(yaw) > 15 && Math.abs(yaw) < 60
          ? [Math.tan(Math.asin(r[2])) / Math.tan(yaw / DEGREES)]
          : [];
      }),
    );
    positions = normalized(positions, -0.7 * pitch, round < ROUNDS ? Math.sqrt(ratio) : ratio);
  }
  return { positions, deviations };
}

function mirrored({ points, yaw }: PosedFace): PosedFace {
  const flipped = new Float64Array(points.length);
  MIRROR.forEach((other, i) => {
    flipped[2 * i] = -points[2 * other];
    flipped[2 * i + 1] = points[2 * other + 1];
  });
  return { points: flipped, ...(yaw !== undefined && { yaw: -yaw }) };
}

/** Upright mean of nearly frontal faces, laid on a bowl with a nose; only a start. */
function initial(faces: readonly PosedFace[]): Float64Array {
  const frontal = faces.filter(
    ({ points, yaw }) => yaw !== undefined && Math.abs(yaw) < 4 && points.every(Number.isFinite),
  );
  const out = new Float64Array(3 * LANDMARK_COUNT);
  const [right, left] = OUTER_EYE_CORNERS;
  for (const { points } of frontal) {
    const [rx, ry, lx, ly] = [
      points[2 * right],
      points[2 * right + 1],
      points[2 * left],
      points[2 * left + 1],
    ];
    const squared = (lx - rx) ** 2 + (ly - ry) ** 2;
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const x = points[2 * i] - (rx + lx) / 2;
      const y = points[2 * i + 1] - (ry + ly) / 2;
      out[3 * i] += (x * (lx - rx) + y * (ly - ry)) / squared / frontal.length;
      out[3 * i + 1] += (y * (lx - rx) - x * (ly - ry)) / squared / frontal.length;
    }
  }
  const [bridge] = LANDMARK_GROUPS.noseBridge;
  const [, base] = LANDMARK_GROUPS.noseBase;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const nose = i >= bridge && i < base ? 0.2 : 0;
    out[3 * i + 2] = 0.6 * out[3 * i] ** 2 + 0.15 * (out[3 * i + 1] - 0.3) ** 2 - nose;
  }
  return out;
}

/** Where a point lies on the mean face, by robust least squares over all faces that show it. */
function solvePoint(
  i: number,
  placed: readonly Float64Array[],
  rotations: readonly (readonly number[])[],
  positions: Float64Array,
  deviation: number,
): { place: number[]; deviation: number } {
  const [px, py, pz] = positions.subarray(3 * i, 3 * i + 3);
  const a = new Float64Array(9);
  const b = new Float64Array(3);
  let squares = 0;
  let total = 0;
  placed.forEach((points, f) => {
    const at = [points[2 * i], points[2 * i + 1]];
    if (!at.every(Number.isFinite)) return;
    const r = rotations[f];
    const errors = at.map(
      (value, row) => value - r[3 * row] * px - r[3 * row + 1] * py - r[3 * row + 2] * pz,
    );
    const squared = (errors[0] ** 2 + errors[1] ** 2) / 2;
    const weight = 1 / (1 + squared / (3 * deviation) ** 2) ** 2;
    squares += weight * squared;
    total += weight;
    at.forEach((value, row) => {
      for (let k = 0; k < 3; k++) {
        b[k] += weight * r[3 * row + k] * value;
        for (let l = 0; l < 3; l++) a[3 * k + l] += weight * r[3 * row + k] * r[3 * row + l];
      }
    });
  });
  return { place: cramer(a, b), deviation: Math.max(LEAST_DEVIATION, Math.sqrt(squares / total)) };
}

function symmetrize(positions: Float64Array, deviations: Float64Array): void {
  MIRROR.forEach((other, i) => {
    if (other < i) return;
    const x = (positions[3 * i] - positions[3 * other]) / 2;
    const y = (positions[3 * i + 1] + positions[3 * other + 1]) / 2;
    const z = (positions[3 * i + 2] + positions[3 * other + 2]) / 2;
    positions.set([x, y, z], 3 * i);
    positions.set([-x, y, z], 3 * other);
    deviations[i] = deviations[other] = (deviations[i] + deviations[other]) / 2;
  });
}

/** Origin and unit of `MeanFace`, with depth stretched and the face nodded by `angle` (radians). */
function normalized(positions: Float64Array, angle: number, stretch: number): Float64Array {
  const [right, left] = OUTER_EYE_CORNERS;
  const unit = positions[3 * left] - positions[3 * right];
  const [, oy, oz] = positions.subarray(3 * right, 3 * right + 3);
  const out = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const y = (positions[i + 1] - oy) / unit;
    const z = ((positions[i + 2] - oz) / unit) * stretch;
    out[i] = positions[i] / unit;
    out[i + 1] = Math.cos(angle) * y - Math.sin(angle) * z;
    out[i + 2] = Math.sin(angle) * y + Math.cos(angle) * z;
  }
  return out;
}

function cramer(a: Float64Array, b: Float64Array): number[] {
  const determinant = (m: ArrayLike<number>): number =>
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6]);
  const d = determinant(a);
  return [0, 1, 2].map(
    (column) => determinant(a.map((value, i) => (i % 3 === column ? b[Math.floor(i / 3)] : value))) / d,
  );
}
