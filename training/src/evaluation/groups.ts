import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import { calibrationOf, type Calibration } from './calibration.ts';
import type { ErrorLaw } from './error-law.ts';
import type { FaceError } from './metrics.ts';
import { errorPairs, type FaceResult } from './on-samples.ts';
import { isIn, SLICES } from './slices.ts';

/** Faces that figures are given of: a set's, a slice's, or all. */
export interface Group<T extends FaceError> {
  readonly name: string;
  readonly faces: readonly T[];
}

/** The faces by set, all of them, and the hard and easy ones where the faces are of both kinds. */
export function groupsOf(faces: readonly FaceResult[], schema: LandmarkSchema = IBUG68): Group<FaceResult>[] {
  if (schema.name !== IBUG68.name) return groupsBySet(faces);
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

/** `measure` of each group, by the group's name. */
export function byGroup<T extends FaceError, R>(
  groups: readonly Group<T>[],
  measure: (faces: readonly T[]) => R,
): Record<string, R> {
  return Object.fromEntries(groups.map(({ name, faces }) => [name, measure(faces)]));
}

/** Of the faces whose unit is known, in that unit as NME is. */
export function calibrationOfFaces(faces: readonly FaceResult[], law: ErrorLaw): Calibration {
  const pairs = faces
    .filter(({ unit }) => !Number.isNaN(unit))
    .flatMap((face) => errorPairs(face, face.unit));
  return calibrationOf(pairs, law);
}
