import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import type { Split } from '../sample.ts';
import { findFiles, pictureBeside, splitOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';

/**
 * iBUG's `.pts` files as 300-W comes: each beside its picture, in folders such as `helen/trainset`. 1-based pixels.
 * Folders named `testset`, and `ibug`, are for the test, as the literature splits them.
 */
export const pts: Reader = {
  holds: '.pts files, each beside its picture (300-W: afw, helen/trainset, helen/testset, ibug, lfpw/…)',
  find: (root) => findFiles(root, /\.pts$/i),

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const where = relative(root, file);
      const picture = await pictureBeside(file);
      if (!picture) {
        problems.push({ file: where, reason: 'has no picture (.jpg, .png, .webp) of its name beside it' });
        continue;
      }
      const points = parsePts(await readFile(file, 'utf8'));
      if (typeof points === 'string') {
        problems.push({ file: where, reason: points });
        continue;
      }
      const folders = where.split(sep).slice(0, -1);
      const name = relative(root, picture);
      const set = folders.find((folder) => !/^(train|test)/i.test(folder)) ?? basename(root);
      faces.push({
        picture,
        where,
        name,
        set,
        split: splitOfFolders([...folders, basename(root)], name),
        points,
      });
    }
    return { faces, problems };
  },
};

/** Points in px, or what is wrong. */
export function parsePts(text: string): Float32Array | string {
  const match = /^\s*version:\s*\S+\s+n_points:\s*(\d+)\s+\{([^}]*)\}\s*$/.exec(text);
  if (!match) return 'is not a .pts file (version, n_points, then points in braces)';
  const count = Number(match[1]);
  const numbers = match[2].trim().split(/\s+/).map(Number);
  if (numbers.length !== 2 * count) return `says ${count} points, holds ${numbers.length / 2}`;
  if (!numbers.every(Number.isFinite)) return 'holds a coordinate that is not a number';
  // The centre of the first pixel is 1 there, 0.5 here.
  return Float32Array.from(numbers, (value) => value - 0.5);
}

function splitOfFolders(folders: readonly string[], name: string): Split {
  if (folders.some((folder) => /^test|^ibug$/i.test(folder))) return 'test';
  if (folders.some((folder) => /^val/i.test(folder))) return 'val';
  return splitOf(name);
}
