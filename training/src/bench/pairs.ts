/** One thing that is timed: seconds that so many steps take. */
export interface Timed {
  time(steps: number): number | Promise<number>;
}

/** Images a second of both in one pair, measured right after one another. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/** Times both in turns, so that whatever else the machine does meets both. */
export async function timePairs(
  ours: Timed,
  theirs: Timed,
  { pairs, steps, batch }: { readonly pairs: number; readonly steps: number; readonly batch: number },
): Promise<Pair[]> {
  const rate = async (timed: Timed) => (steps * batch) / (await timed.time(steps));
  const result: Pair[] = [];
  for (let i = 0; i < pairs; i++) result.push({ ours: await rate(ours), theirs: await rate(theirs) });
  return result;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws Error when there are none */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], most: sorted[sorted.length - 1] };
}
