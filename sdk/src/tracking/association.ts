import { boxOfPoints, boxOverlap, type Finding } from '../face.ts';
import type { Place } from './motion.ts';

/** Two faces that share more than this of the smaller box are one. */
export const SAME_FACE = 0.5;

interface Found {
  readonly finding: Finding;
}

/** Of findings on the same face the earlier stays, and none of those on the faces of `known`. */
export function withoutDuplicates<T extends Found>(all: readonly T[], known: readonly Found[] = []): T[] {
  const kept: T[] = [];
  for (const item of all) {
    const apart = ({ finding }: Found): boolean => overlap(item.finding, finding) < SAME_FACE;
    if (known.every(apart) && kept.every(apart)) kept.push(item);
  }
  return kept;
}

/** Intersection over the smaller of the boxes around two findings' points, 0..1. */
export function overlap(a: Finding, b: Finding): number {
  return boxOverlap(boxOfPoints(a.points), boxOfPoints(b.points));
}

/** How far a face is from where it was expected, in face sizes; a factor of e in size counts as one. */
export function distance(expected: Place, found: Place): number {
  const shift = Math.hypot(found.x - expected.x, found.y - expected.y);
  return shift / Math.sqrt(expected.size * found.size) + Math.abs(Math.log(found.size / expected.size));
}

/**
 * Pairs rows with columns, the cheapest first: a few faces, mostly far apart, leave a best assignment (Hungarian method)
 * nothing to gain.
 * @param costs `costs[row][column]`; Infinity: never
 * @returns for each row its column, or undefined
 */
export function assignGreedily(costs: readonly (readonly number[])[]): (number | undefined)[] {
  const pairs = costs
    .flatMap((row, i) => row.map((cost, j) => ({ i, j, cost })))
    .filter(({ cost }) => cost < Infinity)
    .sort((a, b) => a.cost - b.cost);
  const columns = new Array<number | undefined>(costs.length).fill(undefined);
  const taken = new Set<number>();
  for (const { i, j } of pairs) {
    if (columns[i] !== undefined || taken.has(j)) continue;
    columns[i] = j;
    taken.add(j);
  }
  return columns;
}
