/** What a teacher may correct in the labels of a set whose points were not placed by hand on these pictures. */
export interface Correction {
  /** The shape is right, its place and size are not: three numbers a face are fitted to the teacher's points. */
  readonly register?: boolean;
  /** How far known points go to the teacher's, 0 (not at all) to 1. */
  readonly share?: number;
  /** Points that the annotation lacks become the teacher's. */
  readonly fill?: boolean;
}

/** By set; sets that it leaves out stay as they are. */
export type Corrections = Readonly<Record<string, Correction>>;

/** Corrected points of one face, and how its own moved: `[scale, x, y]`, new = scale * old + (x, y). */
export interface Corrected {
  readonly points: Float32Array;
  readonly moved: readonly [scale: number, x: number, y: number];
}

/**
 * @param label x0, y0, x1, …, px; NaN where unknown
 * @param taught the teacher's points, px
 * @param spread the teacher's expected error of each point, px: what it is sure of counts for more
 */
export function correctLabel(
  label: Float32Array,
  taught: Float32Array,
  spread: Float32Array,
  { register = false, share = 0, fill = false }: Correction,
): Corrected {
  const moved = register ? fitScaleAndPlace(label, taught, spread) : ([1, 0, 0] as const);
  const [scale, x, y] = moved;
  const points = label.map((value, i) => {
    if (Number.isNaN(value)) return fill ? taught[i] : NaN;
    const placed = scale * value + (i % 2 === 0 ? x : y);
    return placed + share * (taught[i] - placed);
  });
  return { points, moved };
}

/** Least squares of scale and place alone, each point weighted by its inverse expected variance. */
function fitScaleAndPlace(
  from: Float32Array,
  to: Float32Array,
  spread: Float32Array,
): readonly [number, number, number] {
  const known = [...spread.keys()].filter((i) => !Number.isNaN(from[2 * i]));
  const weights = known.map((i) => 1 / spread[i] ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (points: Float32Array, axis: 0 | 1) =>
    known.reduce((sum, i, k) => sum + weights[k] * points[2 * i + axis], 0) / total;
  const [fromX, fromY, toX, toY] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  let along = 0;
  let extent = 0;
  known.forEach((i, k) => {
    const [dx, dy] = [from[2 * i] - fromX, from[2 * i + 1] - fromY];
    along += weights[k] * (dx * (to[2 * i] - toX) + dy * (to[2 * i + 1] - toY));
    extent += weights[k] * (dx * dx + dy * dy);
  });
  const scale = along / extent;
  return [scale, toX - scale * fromX, toY - scale * fromY];
}
