const SEEN = /^(image|video)\//;

/**
 * Whether `files` are meant as a model, as `npm run export` writes it: a `model.json` with weights, or one of the two
 * and nothing to look at.
 */
export function isModel(files: readonly File[]): boolean {
  const json = files.some(({ name }) => name.endsWith('.json'));
  const weights = files.some(({ name }) => name.endsWith('.bin'));
  return (json && weights) || ((json || weights) && !files.some(({ type }) => SEEN.test(type)));
}

/** The model card among the files: Markdown. */
export function cardOf(files: readonly File[]): Promise<string> | undefined {
  return files.find(({ name }) => name.endsWith('.md'))?.text();
}
