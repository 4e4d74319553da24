import { boxOf } from './schema.ts';
import type { Sample } from './sample.ts';
import { median } from '../support/statistics.ts';

type Box = NonNullable<Sample['box']>;

/** The longer side of a face's box, px: below it points are shares of the picture, or no face. */
const SMALLEST_FACE = 4;
/**
 * No point of a face that a picture shows lies further outside of it, in medians of the points' distances from their
 * middle. The box of 68 points is about 3 long, of other markups up to 4: half a face or more. Unlike the box, medians do
 * not grow with a few points that are astray.
 */
const FURTHEST = 2;

/**
 * A face without the points that lie too far outside of its picture to be its own: slips, and marks of unknown points, as
 * the negated coordinates of MERL-RAV (those of points near the picture's corner look like points just outside, and stay).
 * @returns the face and how many points were blanked, or why it cannot be used at all
 */
export function placed(sample: Sample): { readonly sample: Sample; readonly strays: number } | string {
  const { points = new Float32Array(), box, image } = sample;
  const { width, height } = image;
  const known = countKnown(points);
  const outside = countKnown(points, (i) => outsideBy(points[i], points[i + 1], width, height) > 0);
  if (outside > known / 2)
    return `has ${outside} of ${known} points outside of its picture of ${width}x${height} px`;
  const limit = FURTHEST * medianDistance(points);
  // Of such a box nobody knows how much is the face's.
  if (box && reachOf(box, image) > sideOf(box) / 2)
    return `reaches further out of its picture of ${width}x${height} px than half of itself`;
  const kept = points.slice();
  for (let i = 0; i < kept.length; i += 2)
    if (outsideBy(kept[i], kept[i + 1], width, height) > limit) kept.fill(NaN, i, i + 2);
  const side = sideOf(box ?? boxOf(kept));
  // A single point spans nothing.
  if (known > 1 && !(side >= SMALLEST_FACE))
    return `spans ${side.toFixed(1)} px; points are read as px of the picture`;
  const strays = known - countKnown(kept);
  return { sample: strays > 0 ? { ...sample, points: kept } : sample, strays };
}

function countKnown(points: Float32Array, where: (i: number) => boolean = () => true): number {
  let count = 0;
  for (let i = 0; i < points.length; i += 2)
    if (!Number.isNaN(points[i]) && !Number.isNaN(points[i + 1]) && where(i)) count++;
  return count;
}

/** The longer side, px. */
function sideOf([left, top, right, bottom]: Box): number {
  return Math.max(right - left, bottom - top);
}

/** How far a box lies outside of its picture, px; below zero inside. */
function reachOf([left, top, right, bottom]: Box, { width, height }: Sample['image']): number {
  return Math.max(outsideBy(left, top, width, height), outsideBy(right, bottom, width, height));
}

/** Px beyond the nearest edge; NaN of an unknown point. */
function outsideBy(x: number, y: number, width: number, height: number): number {
  return Math.max(-x, x - width, -y, y - height);
}

/** Of the known points from the medians of their coordinates. */
function medianDistance(points: Float32Array): number {
  const known: [x: number, y: number][] = [];
  for (let i = 0; i < points.length; i += 2)
    if (points[i] === points[i] && points[i + 1] === points[i + 1]) known.push([points[i], points[i + 1]]);
  const [cx, cy] = [median(known.map(([x]) => x)), median(known.map(([, y]) => y))];
  return median(known.map(([x, y]) => Math.hypot(x - cx, y - cy)));
}
