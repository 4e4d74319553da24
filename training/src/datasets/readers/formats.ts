import { asf } from './asf.ts';
import { csv } from './csv.ts';
import { dlibXml } from './dlib-xml.ts';
import { jsonl } from './jsonl.ts';
import { pts } from './pts.ts';
import { DatasetError, type Reader } from './reader.ts';
import { wflw } from './wflw.ts';

/** In the order in which a folder is asked whether it is of the format: dlib's list comes with `.pts` files beside it. */
export const READERS = { jsonl, wflw, xml: dlibXml, csv, asf, pts } as const satisfies Record<string, Reader>;

export type FormatName = keyof typeof READERS;

/**
 * The reader of a folder, and the files that it will read.
 * @param format instead of what the folder looks like
 * @throws DatasetError saying what the folder could hold
 */
export async function readerOf(
  root: string,
  format?: FormatName,
): Promise<{ reader: Reader; files: string[]; others: FormatName[] }> {
  const candidates = format ? [format] : (Object.keys(READERS) as FormatName[]);
  let chosen: { reader: Reader; files: string[] } | undefined;
  const others: FormatName[] = [];
  for (const name of candidates) {
    const files = await READERS[name].find(root);
    if (files.length === 0) continue;
    if (chosen) others.push(name);
    else chosen = { reader: READERS[name], files };
    // Our own format is never there by chance: what else lies below is the pictures' business.
    if (name === 'jsonl') break;
  }
  if (chosen) return { ...chosen, others };
  const holds = candidates.map((name) => `  ${name}: ${READERS[name].holds}`);
  throw new DatasetError(`${root} holds no annotations that are known here. Formats:\n${holds.join('\n')}`);
}

/** @throws DatasetError naming the valid choices */
export function formatNamed(name: string | undefined): FormatName | undefined {
  if (name === undefined || Object.hasOwn(READERS, name)) return name as FormatName | undefined;
  throw new DatasetError(`unknown format "${name}". Should be one of: ${Object.keys(READERS).join(', ')}`);
}
