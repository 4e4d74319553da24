import type { AssetOptions } from '../assets.ts';
import { FaceKeypointsError } from '../errors.ts';
import type { RuntimeOptions } from '../runtime/runtime.ts';

type OptionName = keyof (AssetOptions & RuntimeOptions) | 'maxFaces' | 'smoothing' | 'onProgress' | 'signal';

/** All that a tracker can be told; a record, so that the types miss none. */
const KNOWN: Record<OptionName, true> = {
  assets: true,
  backend: true,
  detector: true,
  maxFaces: true,
  model: true,
  onProgress: true,
  signal: true,
  smoothing: true,
  threads: true,
  wasmPath: true,
  worker: true,
};

/** Those that can be changed while a tracker runs. */
export const TRACKING_OPTIONS = ['maxFaces', 'smoothing'] as const satisfies readonly OptionName[];

/**
 * In plain JavaScript a name that is misspelt would go unnoticed, and the default hold.
 * @param names those that there are; all by default
 * @throws FaceKeypointsError `option-invalid`
 */
export function checkOptionNames(options: object, names: readonly string[] = Object.keys(KNOWN)): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const [nearest] = names
      .map((known) => ({ known, edits: editsBetween(name.toLowerCase(), known.toLowerCase()) }))
      .filter(({ known, edits }) => edits <= known.length / 2)
      .sort((a, b) => a.edits - b.edits);
    const remedy = nearest ? `Did you mean "${nearest.known}"?` : `There are: ${names.join(', ')}.`;
    throw new FaceKeypointsError('option-invalid', `There is no option "${name}". ${remedy}`);
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
