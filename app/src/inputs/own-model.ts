/** Whether `files` are a model, as `npm run export` writes it: a `model.json` with weights. */
export function isModel(files: readonly File[]): boolean {
  return files.some(({ name }) => name.endsWith('.json')) && files.some(({ name }) => name.endsWith('.bin'));
}

/** The model card among the files: Markdown. */
export function cardOf(files: readonly File[]): Promise<string> | undefined {
  return files.find(({ name }) => name.endsWith('.md'))?.text();
}
