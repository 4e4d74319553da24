import { FaceKeypointsError } from '../errors.ts';
import { LANDMARK_GROUPS, type LandmarkGroup } from './schema.ts';

/** The groups of the schema, and those that people ask for by one name. */
export type LandmarkGroupName = LandmarkGroup | 'nose' | 'mouth' | 'inner' | 'all';

const SPANS: Readonly<Record<LandmarkGroupName, readonly [start: number, end: number]>> = {
  ...LANDMARK_GROUPS,
  nose: [LANDMARK_GROUPS.noseBridge[0], LANDMARK_GROUPS.noseBase[1]],
  mouth: [LANDMARK_GROUPS.outerLips[0], LANDMARK_GROUPS.innerLips[1]],
  inner: [LANDMARK_GROUPS.rightBrow[0], LANDMARK_GROUPS.innerLips[1]],
  all: [LANDMARK_GROUPS.jaw[0], LANDMARK_GROUPS.innerLips[1]],
};

/**
 * The landmarks of one part, such as `jaw`, `leftEye` or `mouth` (the person's own left).
 * @param points x0, y0, x1, … of 68 landmarks
 * @returns the same numbers of that part, in the schema's order; a view where `points` is a Float32Array
 * @throws FaceKeypointsError `option-invalid` where there is no such part
 */
export function landmarkGroup(points: ArrayLike<number>, name: LandmarkGroupName): Float32Array {
  const span = Object.hasOwn(SPANS, name) ? SPANS[name] : undefined;
  if (!span) {
    throw new FaceKeypointsError(
      'option-invalid',
      `There is no group "${String(name)}". Use one of: ${Object.keys(SPANS).join(', ')}.`,
    );
  }
  const [start, end] = [2 * span[0], 2 * span[1]];
  return points instanceof Float32Array
    ? points.subarray(start, end)
    : Float32Array.from({ length: end - start }, (_, i) => points[start + i]);
}

/** The parts of a face that `regionPaths` outlines. */
export const FACE_REGIONS = [
  'face',
  'rightBrow',
  'leftBrow',
  'nose',
  'rightEye',
  'leftEye',
  'outerLips',
  'innerLips',
] as const;

export type FaceRegion = (typeof FACE_REGIONS)[number];

/** Points of the forehead's arc, between the two ends of the jaw. */
const FOREHEAD_POINTS = 11;
/** How far the arc is from an ellipse (1) towards a rectangle (0). */
const FOREHEAD_ROUNDNESS = 0.85;
/** How far the arc stays outside the brows. */
const BROW_MARGIN = 1.05;
/** Half the height of a brow in its middle, as a part of its length. */
const BROW_THICKNESS = 0.09;

/**
 * The outline of the face: the jaw, then an arc over the forehead. No landmark lies there, so the arc is an estimate: as
 * high above the brows as these are above the nose's base (the canon of equal thirds); hair and hats are not looked at.
 * @param points x0, y0, x1, … of 68 landmarks
 * @returns 28 points as x0, y0, x1, …, a closed polygon, from the person's right ear along the chin and back over the forehead
 */
export function faceOval(points: ArrayLike<number>): Float32Array {
  const at = (i: number): readonly [number, number] => [points[2 * i], points[2 * i + 1]];
  const [start, end] = LANDMARK_GROUPS.jaw;
  const [rx, ry] = at(start);
  const [lx, ly] = at(end - 1);
  const [ax, ay] = at(21);
  const [bx, by] = at(22);
  const [nx, ny] = at(33);
  // From the middle between the ears: to the left one, and to the hairline.
  const [mx, my] = [(rx + lx) / 2, (ry + ly) / 2];
  const side = [(lx - rx) / 2, (ly - ry) / 2];
  const top = [ax + bx - nx - mx, ay + by - ny - my];
  const oval = new Float32Array(2 * (end - start + FOREHEAD_POINTS));
  oval.set(landmarkGroup(points, 'jaw'));
  // On a turned face a brow may stick out beyond the jaw's end: the arc widens for it.
  const widths = [1, 1];
  const [first, last] = [LANDMARK_GROUPS.rightBrow[0], LANDMARK_GROUPS.leftBrow[1]];
  const determinant = side[0] * top[1] - side[1] * top[0];
  for (let i = first; i < last; i++) {
    const [x, y] = [at(i)[0] - mx, at(i)[1] - my];
    const across = (x * top[1] - y * top[0]) / determinant;
    const up = Math.max(0, (side[0] * y - side[1] * x) / determinant);
    const room = (1 - up ** (2 / FOREHEAD_ROUNDNESS)) ** (FOREHEAD_ROUNDNESS / 2);
    const k = across > 0 ? 1 : 0;
    if (room > 0) widths[k] = Math.max(widths[k], BROW_MARGIN * (Math.abs(across) / room));
  }
  for (let i = 0; i < FOREHEAD_POINTS; i++) {
    // The first and the last lie close to the jaw's ends, where a wider arc steps out.
    const angle = (Math.PI * (i + 0.2)) / (FOREHEAD_POINTS - 0.6);
    const cos = Math.cos(angle);
    const across = Math.sign(cos) * Math.abs(cos) ** FOREHEAD_ROUNDNESS * widths[cos > 0 ? 1 : 0];
    const up = Math.sin(angle) ** FOREHEAD_ROUNDNESS;
    oval[2 * (end + i)] = mx + across * side[0] + up * top[0];
    oval[2 * (end + i) + 1] = my + across * side[1] + up * top[1];
  }
  return oval;
}

/**
 * Outlines to fill, clip or measure: closed polygons as x0, y0, x1, …, in the units of `points`.
 * Eyes and lips are the landmarks themselves; the nose is their convex hull; brows, which the schema marks by a line, are
 * given a usual thickness; the face is `faceOval`.
 * @param points x0, y0, x1, … of 68 landmarks
 */
export function regionPaths(points: ArrayLike<number>): Record<FaceRegion, Float32Array> {
  return {
    face: faceOval(points),
    rightBrow: thickened(landmarkGroup(points, 'rightBrow')),
    leftBrow: thickened(landmarkGroup(points, 'leftBrow')),
    nose: convexHull(landmarkGroup(points, 'nose')),
    rightEye: landmarkGroup(points, 'rightEye').slice(),
    leftEye: landmarkGroup(points, 'leftEye').slice(),
    outerLips: landmarkGroup(points, 'outerLips').slice(),
    innerLips: landmarkGroup(points, 'innerLips').slice(),
  };
}

/** A band around a line, pointed at its ends. */
function thickened(line: Float32Array): Float32Array {
  const n = line.length / 2;
  const dx = line[2 * n - 2] - line[0];
  const dy = line[2 * n - 1] - line[1];
  const out = new Float32Array(4 * (n - 1));
  for (let i = 0; i < n; i++) {
    const half = BROW_THICKNESS * Math.sin((Math.PI * i) / (n - 1));
    const [x, y] = [line[2 * i], line[2 * i + 1]];
    out[2 * i] = x + half * dy;
    out[2 * i + 1] = y - half * dx;
    if (i > 0 && i < n - 1) {
      const back = 2 * (n - 1) - i;
      out[2 * back] = x - half * dy;
      out[2 * back + 1] = y + half * dx;
    }
  }
  return out;
}

/** The smallest convex polygon around points (Andrew's monotone chain, 1979). */
function convexHull(points: Float32Array): Float32Array {
  const sorted = Array.from(
    { length: points.length / 2 },
    (_, i) => [points[2 * i], points[2 * i + 1]] as const,
  ).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (list: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
    const hull: (readonly [number, number])[] = [];
    for (const [x, y] of list) {
      for (; hull.length > 1; hull.pop()) {
        const [ax, ay] = hull[hull.length - 2];
        const [bx, by] = hull[hull.length - 1];
        if ((bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0) break;
      }
      hull.push([x, y]);
    }
    return hull.slice(0, -1);
  };
  return Float32Array.from([...chain(sorted), ...chain(sorted.reverse())].flat());
}
