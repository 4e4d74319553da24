/**
 * The iBUG 68-point landmark schema (Sagonas et al., "300 Faces in-the-Wild Challenge", 2013).
 * "Left" and "right" are the person's own: the right eye is on the left of a picture that is not mirrored.
 */
export const LANDMARK_COUNT = 68;

/** Half-open index ranges `[start, end)` of the facial parts. */
export const LANDMARK_GROUPS = {
  jaw: [0, 17],
  rightBrow: [17, 22],
  leftBrow: [22, 27],
  noseBridge: [27, 31],
  noseBase: [31, 36],
  rightEye: [36, 42],
  leftEye: [42, 48],
  outerLips: [48, 60],
  innerLips: [60, 68],
} as const satisfies Record<string, readonly [number, number]>;

export type LandmarkGroup = keyof typeof LANDMARK_GROUPS;

/** The groups whose outline closes on itself. */
export const CLOSED_GROUPS: ReadonlySet<LandmarkGroup> = new Set<LandmarkGroup>([
  'rightEye',
  'leftEye',
  'outerLips',
  'innerLips',
]);

/** The outer eye corners, whose distance (inter-ocular) is the unit of NME. */
export const OUTER_EYE_CORNERS = [36, 45] as const;

/** `MIRROR[i]` is the landmark that `i` becomes when the picture is flipped left to right. */
export const MIRROR: readonly number[] = [
  16,
  15,
  14,
  13,
  12,
  11,
  10,
  9,
  8,
  7,
  6,
  5,
  4,
  3,
  2,
  1,
  0, //
  26,
  25,
  24,
  23,
  22,
  21,
  20,
  19,
  18,
  17, //
  27,
  28,
  29,
  30,
  35,
  34,
  33,
  32,
  31, //
  45,
  44,
  43,
  42,
  47,
  46,
  39,
  38,
  37,
  36,
  41,
  40, //
  54,
  53,
  52,
  51,
  50,
  49,
  48,
  59,
  58,
  57,
  56,
  55, //
  64,
  63,
  62,
  61,
  60,
  67,
  66,
  65,
];

/** Distance between the outer eye corners of `points` (x0, y0, x1, … of 68 landmarks), in their own unit. */
export function interOcularDistance(points: ArrayLike<number>): number {
  const [a, b] = OUTER_EYE_CORNERS;
  return Math.hypot(points[2 * a] - points[2 * b], points[2 * a + 1] - points[2 * b + 1]);
}

/** Angle of the eye line in radians, 0 when upright, growing clockwise on the screen; from the eyes' centres. */
export function eyeLineAngle(points: ArrayLike<number>): number {
  const [rx, ry] = centre(points, LANDMARK_GROUPS.rightEye);
  const [lx, ly] = centre(points, LANDMARK_GROUPS.leftEye);
  return Math.atan2(ly - ry, lx - rx);
}

/** Mean place of a group of landmarks, x and y, in the points' own unit. */
export function centre(points: ArrayLike<number>, [start, end]: readonly [number, number]): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = start; i < end; i++) {
    x += points[2 * i];
    y += points[2 * i + 1];
  }
  return [x / (end - start), y / (end - start)];
}
