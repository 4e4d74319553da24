/**
 * How formats without a word for it mark a point that is not known, such as MERL-RAV's `.pts`: both coordinates are -1.
 * Only exactly those, as faces may reach over the picture's edge: a real point there is one lost, a mark read as a place
 * would widen the crop to the picture's corner.
 */
const MARK = -1;

/**
 * NaN where a point is marked so, in place.
 * @param shift what was added to the file's coordinates
 */
export function blankUnknown(points: Float32Array, shift: number): Float32Array {
  for (let i = 0; i < points.length; i += 2) {
    if (points[i] === MARK + shift && points[i + 1] === MARK + shift) points.fill(NaN, i, i + 2);
  }
  return points;
}
