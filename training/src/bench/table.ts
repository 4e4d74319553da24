/** One row of a profile. */
export interface Share {
  readonly name: string;
  readonly milliseconds: number;
  /** What a person may want to know beside it. */
  readonly note?: string;
}

const BAR = 32;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The rows with bars, and their sum: `name  ms  %  bar`. */
export function shareTable(rows: readonly Share[]): string {
  const total = totalOf(rows);
  const width = Math.max('together'.length, ...rows.map(({ name }) => name.length));
  const line = (name: string, ms: number, tail: string) =>
    `${name.padEnd(width)} ${ms.toFixed(1).padStart(8)} ms ${percent(ms, total)} ${tail}`.trimEnd();
  return [
    ...rows.map(({ name, milliseconds, note }) =>
      line(name, milliseconds, [bar(milliseconds / total), note].filter(Boolean).join(' ')),
    ),
    line('together', total, ''),
  ].join('\n');
}

export function totalOf(rows: readonly Share[]): number {
  return rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** The first `count` rows, the others as one. Expects the dearest first. */
export function dearest(rows: readonly Share[], count: number): Share[] {
  const others = rows.slice(count);
  if (others.length === 0) return [...rows];
  return [...rows.slice(0, count), { name: `${others.length} other kinds`, milliseconds: totalOf(others) }];
}

function percent(part: number, whole: number): string {
  return `${(whole > 0 ? (100 * part) / whole : 0).toFixed(0)} %`.padStart(5);
}

function bar(share: number): string {
  const eighths = Math.round((Number.isFinite(share) ? share : 0) * BAR * 8);
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}
