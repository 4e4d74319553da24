import type { Problem } from '../datasets/annotations.ts';
import type { Progress } from './progress.ts';

const SHOWN = 20;

/** What could not be used, by file and reason; of very many, the first. */
export function listProblems(problems: readonly Problem[], progress: Progress): void {
  const lines = [...new Set(problems.map(({ file, reason }) => `  ${file}: ${reason}`))];
  if (lines.length === 0) return;
  progress.line(`${lines.length} annotations or pictures could not be used:`);
  for (const line of lines.slice(0, SHOWN)) progress.line(line);
  if (lines.length > SHOWN) progress.line(`  … and ${lines.length - SHOWN} more`);
}
