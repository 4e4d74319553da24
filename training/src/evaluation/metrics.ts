import { interOcularDistance } from '../../../sdk/src/landmarks/schema.ts';
import { mean } from '../support/statistics.ts';

/** Error of one face against its annotation. */
export interface FaceError {
  readonly set: string;
  readonly name: string;
  /**
   * Mean distance over the known points, over the face's unit (of 68 points: the inter-ocular distance), %. `Infinity`:
   * the face was not found; `NaN`, found or not: the annotation lacks an outer eye corner, so there is no distance to
   * measure by.
   */
  readonly nme: number;
  /** Mean distance, px of the picture. */
  readonly mae: number;
}

/** Figures over some faces, as 300-W papers give them. */
export interface Summary {
  /** Faces measured: those with both outer eye corners annotated. */
  readonly faces: number;
  /** Faces that the detector found; all of them where crops come from the annotation. */
  readonly found: number;
  /** Mean over the found faces, %. */
  readonly nme: number;
  /** Share of faces with an error above 8 % and 10 %, in %; a face not found counts. */
  readonly fr8: number;
  readonly fr10: number;
  /** Area under the cumulative error curve up to 8 %, in %. */
  readonly auc8: number;
  /** Mean distance, px, over all faces found: it needs no unit. */
  readonly mae: number;
}

/**
 * Error of `predicted` against `truth` (x0, y0, x1, … px; NaN in the truth is left out).
 * @param predicted undefined: the face was not found
 * @param unit what NME is measured by, px; NaN where it is not known, and NME then is as well
 */
export function faceError(
  predicted: ArrayLike<number> | undefined,
  truth: ArrayLike<number>,
  unit = interOcularDistance(truth),
): { nme: number; mae: number } {
  if (!predicted) return { mae: Infinity, nme: Infinity / unit };
  let sum = 0;
  let known = 0;
  for (let i = 0; i < truth.length; i += 2) {
    if (truth[i] !== truth[i]) continue;
    sum += Math.hypot(predicted[i] - truth[i], predicted[i + 1] - truth[i + 1]);
    known++;
  }
  const mae = sum / known;
  return { mae, nme: (100 * mae) / unit };
}

export function summarize(all: readonly FaceError[]): Summary {
  const errors = all.filter(({ nme }) => !Number.isNaN(nme));
  const found = errors.filter(({ nme }) => Number.isFinite(nme));
  const above = (limit: number) => (100 * errors.filter(({ nme }) => nme > limit).length) / errors.length;
  return {
    faces: errors.length,
    found: found.length,
    nme: mean(found.map(({ nme }) => nme)),
    fr8: above(8),
    fr10: above(10),
    auc8: (100 * errors.reduce((sum, { nme }) => sum + Math.max(0, 8 - nme) / 8, 0)) / errors.length,
    mae: mean(all.flatMap(({ mae }) => (Number.isFinite(mae) ? mae : []))),
  };
}
