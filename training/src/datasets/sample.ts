import type { Pixels } from '../../../sdk/src/crop/sample.ts';

export type Split = 'train' | 'val' | 'test';

/** An annotated picture, decoded. A negative (no face) has no points. */
export interface Sample {
  readonly name: string;
  /** Data set that it comes from. */
  readonly set: string;
  readonly split: Split;
  /** Grey, one byte a pixel. */
  readonly image: Pixels;
  /**
   * x0, y0, x1, … px, pixel centres at whole numbers plus one half; NaN where the annotation has no such point.
   * Absent: the picture shows no face.
   */
  readonly points?: Float32Array;
  /** Box of the whole face where `points` do not span it (left, top, right, bottom, px). */
  readonly box?: readonly [number, number, number, number];
  /** What the face's NME is measured by, px, where `points` no longer tell it: a part of the points was taken. */
  readonly unit?: number;
}
