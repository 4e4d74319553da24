import type { TrainingData } from './training-data.ts';

/** The command that makes a model of a run, measured on its faces where these can be: export wants some to validate on. */
export function exportHint(
  run: string,
  source: { readonly data?: string; readonly format?: string },
  { held, heldSplit }: Pick<TrainingData, 'held' | 'heldSplit'>,
): string {
  const measured = source.data !== undefined && held.length > 0 && heldSplit === 'val';
  const options = { run, ...(measured && { data: source.data, format: source.format }) };
  const said = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${/\s/.test(value) ? JSON.stringify(value) : value}`],
  );
  return `npm run export -- ${said.join(' ')}`;
}
