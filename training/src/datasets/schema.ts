import { LANDMARK_GROUPS, MIRROR, OUTER_EYE_CORNERS } from '../../../sdk/src/landmarks/schema.ts';

/** What the points of a data set mean. Plain data: it travels to worker threads and into checkpoints. */
export interface LandmarkSchema {
  readonly name: string;
  /** Points a face. */
  readonly count: number;
  /** `mirror[i]` is the point that `i` becomes in the flipped picture. Absent: not known, so faces are not flipped. */
  readonly mirror?: readonly number[];
  /** The two points whose distance is the unit of NME. Absent: the side of the box around the face is. */
  readonly unit?: readonly [number, number];
  /** Parts of the face, for reports. */
  readonly regions: Readonly<Record<string, readonly number[]>>;
  /** The tip of the nose, or the point that comes nearest to it. */
  readonly nose?: number;
}

const span = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);
const groups = (...names: (keyof typeof LANDMARK_GROUPS)[]) =>
  names.flatMap((name) => span(LANDMARK_GROUPS[name][0], LANDMARK_GROUPS[name][1]));

/** iBUG's 68 points, as the product has them. */
export const IBUG68: LandmarkSchema = {
  name: 'ibug68',
  count: 68,
  mirror: MIRROR,
  unit: OUTER_EYE_CORNERS,
  regions: {
    jaw: groups('jaw'),
    brows: groups('rightBrow', 'leftBrow'),
    eyes: groups('rightEye', 'leftEye'),
    nose: groups('noseBridge', 'noseBase'),
    mouth: groups('outerLips', 'innerLips'),
  },
  nose: 30,
};

/** The IMM Face Database's 58 points (Nordstrøm et al., 2004). */
export const IMM58: LandmarkSchema = {
  name: 'imm58',
  count: 58,
  mirror: mirrorOfPairs(58, [
    ...span(0, 6).map((i) => [i, 12 - i] as const),
    ...span(13, 21).map((i) => [i, i + 8] as const),
    ...span(29, 34).map((i) => [i, i + 5] as const),
    [39, 43],
    [40, 42],
    [44, 46],
    ...span(47, 52).map((i) => [i, 104 - i] as const),
  ]),
  unit: [21, 13],
  regions: {
    jaw: span(0, 13),
    brows: span(29, 39),
    eyes: span(13, 29),
    nose: span(47, 58),
    mouth: span(39, 47),
  },
  nose: 52,
};

/** WFLW's 98 points (Wu et al., "Look at Boundary", 2018). */
export const WFLW98: LandmarkSchema = {
  name: 'wflw98',
  count: 98,
  mirror: mirrorOfPairs(98, [
    ...span(0, 16).map((i) => [i, 32 - i] as const),
    ...span(33, 38).map((i) => [i, 79 - i] as const),
    ...span(38, 42).map((i) => [i, 88 - i] as const),
    [55, 59],
    [56, 58],
    ...span(60, 65).map((i) => [i, 132 - i] as const),
    ...span(65, 68).map((i) => [i, 140 - i] as const),
    [76, 82],
    [77, 81],
    [78, 80],
    [83, 87],
    [84, 86],
    [88, 92],
    [89, 91],
    [93, 95],
    [96, 97],
  ]),
  unit: [60, 72],
  regions: {
    jaw: span(0, 33),
    brows: span(33, 51),
    eyes: [...span(60, 76), 96, 97],
    nose: span(51, 60),
    mouth: span(76, 96),
  },
  nose: 54,
};

const KNOWN: readonly LandmarkSchema[] = [IBUG68, IMM58, WFLW98];

/** The known schema with this many points, or one of which nothing more is known. */
export function schemaOfCount(count: number): LandmarkSchema {
  const known = KNOWN.find((schema) => schema.count === count);
  return known ?? { name: `points${count}`, count, regions: {} };
}

/** @param pairs points that change places; all others stay */
export function mirrorOfPairs(count: number, pairs: readonly (readonly [number, number])[]): number[] {
  const mirror = span(0, count);
  for (const [a, b] of pairs) {
    mirror[a] = b;
    mirror[b] = a;
  }
  return mirror;
}

/**
 * The length that a face's NME is measured by, px; NaN where a point that it needs is unknown.
 * @param points x0, y0, x1, … px, NaN where unknown
 * @param box the whole face's, where the points do not span it
 */
export function unitOf(
  schema: LandmarkSchema,
  points: ArrayLike<number>,
  box?: readonly [number, number, number, number],
): number {
  if (schema.unit) {
    const [a, b] = schema.unit;
    return Math.hypot(points[2 * a] - points[2 * b], points[2 * a + 1] - points[2 * b + 1]);
  }
  const [left, top, right, bottom] = box ?? boxOf(points);
  return Math.sqrt((right - left) * (bottom - top));
}

/** What `unitOf` measures, in words. */
export function unitInWords({ name, unit }: LandmarkSchema): string {
  if (!unit) return 'the side of the box around the face';
  return KNOWN.some((schema) => schema.name === name)
    ? 'the distance of the outer eye corners'
    : `the distance of points ${unit[0]} and ${unit[1]}`;
}

/** Left, top, right, bottom of the known points. */
export function boxOf(points: ArrayLike<number>): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (x !== x || y !== y) continue;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}
