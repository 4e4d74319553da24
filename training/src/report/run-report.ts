import type { Split } from '../datasets/sample.ts';
import type { Summary } from '../evaluation/metrics.ts';
import type { PresenceReport } from '../evaluation/presence.ts';
import type { RunDescription } from '../trainer/run-folder.ts';
import type { EpochRecord } from '../trainer/train.ts';
import type { CalibrationCurves } from './calibration.ts';
import type { Condition } from './conditions.ts';
import type { Products } from './products.ts';

/** A picture inside the report. */
export interface Picture {
  /** A data: URL. */
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** x0, y0, x1, … px of this picture; null where unknown. */
  readonly truth: readonly (number | null)[];
  readonly predicted?: readonly number[];
  readonly caption: string;
}

/**
 * All that the page of one run shows. Plain data: it is kept beside the run as `report.json`, where figures of nothing,
 * such as of no face, are null.
 */
export interface RunReport {
  readonly format: 'face-keypoints-report/2';
  readonly name: string;
  readonly run: RunDescription;
  /** Trainable values. */
  readonly weights: number;
  readonly epochs: readonly EpochRecord[];
  /** Which faces were measured. */
  readonly split: Split;
  readonly products: Products;
  /** What NME is measured by, in words. */
  readonly unit: string;
  readonly sets: Readonly<Record<string, Summary>>;
  readonly all: Summary;
  /** Each face's NME, %, ascending. */
  readonly errors: readonly number[];
  readonly regions: readonly { readonly name: string; readonly nme: number; readonly px: number }[];
  readonly best: readonly Picture[];
  readonly worst: readonly Picture[];
  readonly augmented: readonly Picture[];
  /** How the labels of `augmented` differ from those that the run saw, where they do. */
  readonly labelsNote?: string;
  readonly filters?: Picture & { readonly count: number; readonly side: number };
  readonly conditions: readonly Condition[];
  readonly calibration?: CalibrationCurves;
  /** Absent where the network is not asked whether there is a face. */
  readonly presence?: PresenceReport;
  readonly terms: readonly string[];
}
