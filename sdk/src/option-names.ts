import { FaceKeypointsError } from './errors.ts';

/**
 * In plain JavaScript a name that is misspelt would go unnoticed, and the default hold.
 * @param names those that there are
 * @param path what stands before the name in messages
 * @throws FaceKeypointsError `option-invalid`
 */
export function checkOptionNames(options: object, names: readonly string[], path = ''): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const [nearest] = names
      .map((known) => ({ known, edits: editsBetween(name.toLowerCase(), known.toLowerCase()) }))
      .filter(({ known, edits }) => edits <= known.length / 2)
      .sort((a, b) => a.edits - b.edits);
    const remedy = nearest ? `Did you mean "${path}${nearest.known}"?` : `There are: ${names.join(', ')}.`;
    throw new FaceKeypointsError('option-invalid', `There is no option "${path}${name}". ${remedy}`);
  }
}

/** Letters to be inserted, taken out or replaced to get from one word to the other (Levenshtein, 1965). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
