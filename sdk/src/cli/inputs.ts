import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { FaceKeypointsError } from '../index.ts';
import { exists } from './files.ts';

/** Pictures in folders are known by their names; files that are named themselves are tried whatever they are called. */
const PICTURE = /\.(jpe?g|png|webp|tiff?|gif|avif)$/i;

export interface Inputs {
  readonly inputs: readonly string[];
  readonly filesFrom: string | undefined;
  readonly flat: boolean;
}

/**
 * Pictures, each once, ordered by name: paths as given, normalised, with `/` on every system.
 * @throws FaceKeypointsError `input-invalid`: a path of the command line that does not exist, a list or folder that cannot
 *   be read. Of a list, often made long before and by the thousand, what is gone fails when it is read, like a broken picture.
 */
export async function findPictures({ inputs, filesFrom, flat }: Inputs, stdin: Readable): Promise<string[]> {
  const missing: string[] = [];
  for (const input of inputs) if (!(await exists(input))) missing.push(input);
  if (missing.length > 0) throw notThere(missing);
  const listed = filesFrom === undefined ? [] : await readList(filesFrom, stdin);
  const found = new Set<string>();
  for (const input of [...inputs, ...listed]) {
    const folder = (await stat(input).catch(() => undefined))?.isDirectory() ?? false;
    if (folder) for await (const file of walk(input, flat)) found.add(nameOf(file));
    else found.add(nameOf(input));
  }
  return [...found].sort();
}

/** As many as a person reads. */
const NAMED = 3;

function notThere(paths: readonly string[]): FaceKeypointsError {
  const names = paths.slice(0, NAMED).join(', ');
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return new FaceKeypointsError('input-invalid', `There is no ${names}${more}. Check the spelling.`);
}

async function* walk(folder: string, flat: boolean): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    // Links to pictures are followed, links to folders are not: they may lead in circles.
    if (entry.isDirectory()) {
      if (!flat) yield* walk(path, flat);
    } else if (PICTURE.test(entry.name)) yield path;
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new FaceKeypointsError('input-invalid', `The folder ${folder} cannot be read. Check its rights.`, {
      cause,
    });
  }
}

async function readList(filesFrom: string, stdin: Readable): Promise<string[]> {
  const text = filesFrom === '-' ? await readAll(stdin) : await readListFile(filesFrom);
  return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((line) => line !== '');
}

async function readListFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new FaceKeypointsError('input-invalid', `The list ${path} cannot be read. Check --files-from.`, {
      cause,
    });
  }
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}

function nameOf(path: string): string {
  return normalize(path).split(sep).join('/');
}
