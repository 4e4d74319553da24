import type { Sample } from '../datasets/sample.ts';
import { calibrationOf, type Calibration } from './calibration.ts';
import type { ErrorLaw } from './error-law.ts';
import type { FacePrediction, Predict } from './face-predictions.ts';
import { summarize, type FaceError, type Summary } from './metrics.ts';
import { keptShare, presenceWithoutFace } from './presence.ts';
import { isIn, SLICES, type Slice } from './slices.ts';

/** How well a model knows where faces are not. Shares in %. */
export interface PresenceReport {
  /** Annotated faces that are kept. */
  readonly facesKept: number;
  readonly faces: number;
  /** Crops beside, far inside or far around annotated faces that are refused. */
  readonly offFaceRefused: number;
  readonly offFace: number;
  /** Crops of pictures without a face that are refused; absent where there are no such pictures. */
  readonly faceLessRefused?: number;
  readonly faceLess?: number;
}

/** Faces by set, in the sets' order, and all of them. */
export function summariesBySet(errors: readonly FaceError[]): Record<string, Summary> {
  const sets = [...new Set(errors.map(({ set }) => set))].sort();
  return Object.fromEntries([
    ...sets.map((set) => [set, summarize(errors.filter((error) => error.set === set))] as const),
    ['all', summarize(errors)] as const,
  ]);
}

export interface SliceReport {
  readonly slice: Slice;
  readonly summary: Summary;
  readonly calibration: Calibration;
}

/** All faces, the hard and the easy ones, those that there are. */
export function reportSlices(faces: readonly FacePrediction[], law: ErrorLaw): SliceReport[] {
  return SLICES.flatMap((slice) => {
    const chosen = faces.filter(({ sample }) => isIn(slice, sample));
    if (chosen.length === 0) return [];
    const pairs = chosen.flatMap(({ pairs }) => pairs);
    return [{ slice, summary: summarize(chosen), calibration: calibrationOf(pairs, law) }];
  });
}

const OFF_FACE_CROPS = 3;
const FACE_LESS_CROPS = 20;

/**
 * @param negatives pictures without a face, those held out
 */
export function reportPresence(
  faces: readonly FacePrediction[],
  negatives: readonly Sample[],
  size: number,
  cropFactor: number,
  predict: Predict,
): PresenceReport {
  const samples = faces.map(({ sample }) => sample);
  const offFace = presenceWithoutFace(samples, OFF_FACE_CROPS, size, cropFactor, predict);
  const kept = {
    facesKept: keptShare(faces.map(({ presence }) => presence)),
    faces: faces.length,
    offFaceRefused: 100 - keptShare(offFace),
    offFace: offFace.length,
  };
  if (negatives.length === 0) return kept;
  const faceLess = presenceWithoutFace(negatives, FACE_LESS_CROPS, size, cropFactor, predict);
  return { ...kept, faceLessRefused: 100 - keptShare(faceLess), faceLess: faceLess.length };
}
