import { drawnSets } from '../augmentation/plan.ts';
import type { Sample } from '../datasets/sample.ts';
import type { TrainSettings } from '../trainer/settings.ts';

/** Pictures to train on, counted by set. */
export interface SetCounts {
  /** Of sets that the run draws from; `negatives` are pictures without a face. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Of sets that no part of it does. */
  readonly left: Readonly<Record<string, number>>;
}

/** @throws Error where a part of the run would have no set to draw from */
export function countSets(
  samples: readonly Sample[],
  { phases, everySample = false }: Pick<TrainSettings, 'phases' | 'everySample'>,
): SetCounts {
  const counts: Record<string, number> = {};
  for (const { set } of samples) counts[set] = (counts[set] ?? 0) + 1;
  const faces = Object.keys(counts).filter((set) => set !== 'negatives');
  const drawn = new Set(everySample ? faces : phases.flatMap(({ mix }) => drawnSets(faces, mix)));
  const of = (wanted: (set: string) => boolean) =>
    Object.fromEntries(Object.entries(counts).filter(([set]) => wanted(set)));
  const isDrawn = (set: string) => drawn.has(set) || set === 'negatives';
  return { drawn: of(isDrawn), left: of((set) => !isDrawn(set)) };
}

/** Counts for people: `helen 806, mine 12`. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  const sets = Object.entries(counts).map(([set, count]) => `${set} ${count}`);
  return sets.join(', ') || 'none';
}
