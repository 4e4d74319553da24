import { describeCounts, type SetCounts } from './drawn-sets.ts';

/**
 * Whether a run goes on with the pictures that it began with, as far as their number in each set tells: what a step
 * sees depends on them.
 * @param began as its run.json says; older ones also count sets that are not drawn
 * @param moved whether the data are said to lie elsewhere now
 * @returns a line for people where they are not
 * @throws Error when those said to be the same are not
 */
export function checkResumedData(
  began: Readonly<Record<string, number>>,
  { drawn, left }: SetCounts,
  moved: boolean,
): string | undefined {
  const before = Object.fromEntries(Object.entries(began).filter(([set]) => !Object.hasOwn(left, set)));
  const sets = new Set([...Object.keys(before), ...Object.keys(drawn)]);
  if ([...sets].every((set) => before[set] === drawn[set])) return undefined;
  const both = `the run began with ${describeCounts(before)}, now there are ${describeCounts(drawn)}`;
  if (moved) throw new Error(`--data holds other pictures: ${both}`);
  return `WARNING: the data have changed: ${both}. What comes of it is not what it would have been`;
}
