import type { Sample } from '../datasets/sample.ts';
import { calibrationOf, type Calibration } from './calibration.ts';
import type { ErrorLaw } from './error-law.ts';
import type { FacePrediction, Predict } from './face-predictions.ts';
import type { FaceError } from './metrics.ts';
import { keptShare, presenceWithoutFace } from './presence.ts';
import { isIn, SLICES } from './slices.ts';

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

/** Figures of some faces: a set's, a slice's, or of all. */
export interface Group<T extends FaceError> {
  readonly name: string;
  readonly faces: readonly T[];
}

/** The faces by set, all of them, and the hard and easy ones where the faces are of both kinds. */
export function groupsOf(faces: readonly FacePrediction[]): Group<FacePrediction>[] {
  const bySlice = SLICES.filter((slice) => slice !== 'all').map((slice) => ({
    name: slice,
    faces: faces.filter(({ sample }) => isIn(slice, sample)),
  }));
  const both = bySlice.every(({ faces }) => faces.length > 0);
  return [...groupsBySet(faces), ...(both ? bySlice : [])];
}

export function groupsBySet<T extends FaceError>(faces: readonly T[]): Group<T>[] {
  const sets = [...new Set(faces.map(({ set }) => set))].sort();
  return [
    ...sets.map((name) => ({ name, faces: faces.filter(({ set }) => set === name) })),
    { name: 'all', faces },
  ];
}

/** Of the faces whose outer eye corners are known, in units of their distance as NME is. */
export function calibrationOfFaces(faces: readonly FacePrediction[], law: ErrorLaw): Calibration {
  const pairs = faces
    .filter(({ interOcular }) => !Number.isNaN(interOcular))
    .flatMap(({ pairs, interOcular }) =>
      pairs.map(({ distance, spread }) => ({
        distance: distance / interOcular,
        spread: spread / interOcular,
      })),
    );
  return calibrationOf(pairs, law);
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
