import { createHash } from 'node:crypto';
import { readModelFile } from '../export/model-file.ts';

/** What tells a teacher from others, and what binds those who learn from it. */
export interface TeacherOrigin {
  /** Sets that it was trained on. */
  readonly data: readonly string[];
  readonly terms: string;
  /** Of its weights, hexadecimal: its folder may hold another model later. */
  readonly sha256: string;
}

/**
 * @param path an exported model: its `model.json`, or the folder that holds it
 * @throws Error when there is none
 */
export async function teacherOrigin(path: string): Promise<TeacherOrigin> {
  const { json, weights } = await readModelFile(path).catch((error: unknown) => {
    throw new Error(`the teacher ${path} cannot be read; it should be a folder of \`npm run export\``, {
      cause: error,
    });
  });
  const { data, terms } = json.userDefinedMetadata;
  return { data, terms, sha256: createHash('sha256').update(weights).digest('hex') };
}
