import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Split } from '../sample.ts';
import { findFiles, keyOf, splitOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';

/** The IMM faces' split in the course: 192 pictures of persons 1 to 32 to train, 48 of 33 to 40 to test. */
const LAST_TRAINING_PERSON = 32;
const X_COLUMN = 2;
const Y_COLUMN = 3;

/**
 * AAM shape files (Stegmann's AAM-API) as the IMM Face Database comes: one beside each picture, lines of 7 or 10
 * columns, x and y always the third and fourth, as shares of the picture's width and height.
 */
export const asf: Reader = {
  holds: '.asf files, each naming its picture (IMM Face Database)',
  find: (root) => findFiles(root, /\.asf$/i),

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const where = relative(root, file);
      const shape = parseAsf(await readFile(file, 'utf8'));
      if (typeof shape === 'string') {
        problems.push({ file: where, reason: shape });
        continue;
      }
      const picture = join(dirname(file), shape.picture);
      const name = relative(root, picture);
      faces.push({
        picture,
        where,
        name,
        set: 'imm',
        split: splitOfPerson(picture),
        points: shape.points,
        relative: true,
      });
    }
    return { faces, problems };
  },
};

/** Points as shares of the picture's sides, or what is wrong. */
export function parseAsf(text: string): { readonly points: Float32Array; readonly picture: string } | string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const count = Number(lines[0]);
  if (!Number.isInteger(count) || count < 1) return 'does not begin with the number of its points';
  if (lines.length !== count + 2)
    return `says ${count} points and a picture, holds ${lines.length - 1} more lines, not ${count + 1}`;
  const points = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const cells = lines[i + 1].split(/\s+/);
    if (cells.length !== 7 && cells.length !== 10)
      return `point ${i} has ${cells.length} columns, not 7 or 10`;
    const [x, y] = [Number(cells[X_COLUMN]), Number(cells[Y_COLUMN])];
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return `point ${i} is not within the picture (0..1)`;
    points.set([x, y], 2 * i);
  }
  return { points, picture: lines[count + 1] };
}

function splitOfPerson(picture: string): Split {
  const person = /^(\d{2})-\d[fm]\./.exec(basename(picture))?.[1];
  if (person === undefined) return splitOf(keyOf(picture));
  return Number(person) <= LAST_TRAINING_PERSON ? 'train' : 'test';
}
