import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** While a file is being written it has another name, so that a killed run leaves no half one under its own. */
export const UNFINISHED = '.part';

/** Writes a file whole or not at all; its folder is made. */
export async function writeWhole(path: string, content: string | AsyncIterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = path + UNFINISHED;
  if (typeof content === 'string') await writeFile(unfinished, content);
  else await pipeline(Readable.from(content), createWriteStream(unfinished));
  await rename(unfinished, path);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Takes off what comes after the last line end: the line that a killed run was writing. */
export async function dropHalfLine(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const block = Buffer.alloc(65536);
    let end = (await file.stat()).size;
    while (end > 0) {
      const start = Math.max(0, end - block.length);
      const { bytesRead } = await file.read(block, 0, end - start, start);
      const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (newline >= 0) return await file.truncate(start + newline + 1);
      end = start;
    }
    await file.truncate(0);
  } finally {
    await file.close();
  }
}
