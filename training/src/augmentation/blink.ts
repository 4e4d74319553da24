import { LANDMARK_COUNT, LANDMARK_GROUPS } from '../../../sdk/src/landmarks/schema.ts';
import { bilinear } from './bilinear.ts';

/** Height of the skin above the lid that is stretched over the eye, of the eye's width. */
const LID_SKIN = 0.45;

/**
 * Lowers the upper lids: the skin above each is stretched down over the eye, and the lid's points go with it. Pictures of
 * closed eyes are rare (3 % of the 300-W training faces), and people blink every few seconds.
 * @param crop `size * size` grey values, changed in place
 * @param points 68 landmarks in crop units, changed in place; an eye with an unknown point stays as it is
 * @param closing of the right and left eye, 0 (as it is) to 1 (shut)
 */
export function blink(
  crop: Float32Array,
  size: number,
  points: Float32Array,
  closing: readonly [right: number, left: number],
): void {
  if (points.length !== 2 * LANDMARK_COUNT) return;
  closeEye(crop, size, points, LANDMARK_GROUPS.rightEye[0], closing[0]);
  closeEye(crop, size, points, LANDMARK_GROUPS.leftEye[0], closing[1]);
}

/** Coordinates of an eye, px: `along` from the corner on the picture's left to the other, `down` from the line between. */
class EyeAxes {
  readonly width: number;
  private readonly ex: number;
  private readonly ey: number;

  constructor(
    private readonly x: number,
    private readonly y: number,
    toX: number,
    toY: number,
  ) {
    this.width = Math.hypot(toX - x, toY - y);
    this.ex = (toX - x) / this.width;
    this.ey = (toY - y) / this.width;
  }

  along(x: number, y: number): number {
    return (x - this.x) * this.ex + (y - this.y) * this.ey;
  }

  down(x: number, y: number): number {
    return (y - this.y) * this.ex - (x - this.x) * this.ey;
  }

  place(along: number, down: number): [number, number] {
    return [this.x + along * this.ex - down * this.ey, this.y + along * this.ey + down * this.ex];
  }
}

/** @param first the eye's first landmark: a corner, two of the upper lid, the other corner, two of the lower lid */
function closeEye(
  crop: Float32Array,
  size: number,
  points: Float32Array,
  first: number,
  closing: number,
): void {
  const at = (i: number) => [points[2 * (first + i)] * size, points[2 * (first + i) + 1] * size] as const;
  const eye = new EyeAxes(...at(0), ...at(3));
  const upper = lidCurve(eye, at(1), at(2));
  const lower = lidCurve(eye, at(5), at(4));
  // Also false where a point is not known, or both corners are one.
  if (!(eye.width > 2 && upper && lower) || closing <= 0) return;

  const skin = LID_SKIN * eye.width;
  const source = crop.slice();
  const reach = Math.ceil(eye.width + skin);
  const [middleX, middleY] = eye.place(eye.width / 2, 0);
  const from = (middle: number) => Math.max(0, Math.floor(middle) - reach);
  const to = (middle: number) => Math.min(size, Math.ceil(middle) + reach);
  for (let row = from(middleY); row < to(middleY); row++) {
    for (let col = from(middleX); col < to(middleX); col++) {
      const along = eye.along(col + 0.5, row + 0.5);
      if (along <= 0 || along >= eye.width) continue;
      const down = eye.down(col + 0.5, row + 0.5);
      const lid = upper(along);
      const floor = Math.max(lid, lower(along));
      const lowered = lid + closing * (floor - lid);
      const top = lid - skin;
      if (down <= top || down >= floor) continue;
      const was =
        down < lowered
          ? top + ((down - top) * skin) / (lowered - top)
          : lid + ((down - lowered) * (floor - lid)) / (floor - lowered);
      crop[row * size + col] = bilinear(source, size, ...eye.place(along, was));
    }
  }
  for (const i of [1, 2]) {
    const [x, y] = at(i);
    const [along, down] = [eye.along(x, y), eye.down(x, y)];
    const [newX, newY] = eye.place(along, down + closing * Math.max(0, lower(along) - down));
    points[2 * (first + i)] = newX / size;
    points[2 * (first + i) + 1] = newY / size;
  }
}

/** A smooth arc through both corners and two points between; undefined where these do not lie between. */
function lidCurve(
  eye: EyeAxes,
  a: readonly [number, number],
  b: readonly [number, number],
): ((along: number) => number) | undefined {
  const { width } = eye;
  const [alongA, alongB] = [eye.along(...a), eye.along(...b)];
  if (!(alongA > 0 && alongB > alongA && alongB < width)) return undefined;
  const bend = (along: number, down: number) => down / (along * (width - along));
  const bendA = bend(alongA, eye.down(...a));
  const bendB = bend(alongB, eye.down(...b));
  return (along) => {
    const share = Math.min(1, Math.max(0, (along - alongA) / (alongB - alongA)));
    return (bendA + (bendB - bendA) * share) * along * (width - along);
  };
}
