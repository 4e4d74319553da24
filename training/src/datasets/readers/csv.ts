import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { findFiles, firstThere, personOf, splitOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';
import { blankUnknown } from './unknown.ts';

/**
 * Tables such as `training_frames_keypoints.csv` of Udacity's selection of YouTube Faces: a heading, then in each line
 * the picture's name and x, y of each point; 0-based pixels, unknown points at (-1, -1). A person's frames stay together
 * when some are set aside to validate; files named `test…` are for the test.
 */
export const csv: Reader = {
  holds: '*_keypoints.csv (picture, x0, y0, x1, …) with the pictures beside it or in training/ and test/',
  find: (root) => findFiles(root, /keypoints.*\.csv$/i, 1),

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const test = /^test/i.test(basename(file));
      const folders = [dirname(file), join(dirname(file), test ? 'test' : 'training')];
      const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
      for (let i = 1; i < lines.length; i++) {
        if (lines[i].trim() === '') continue;
        const where = `${relative(root, file)}:${i + 1}`;
        const row = parseRow(lines[i]);
        if (typeof row === 'string') {
          problems.push({ file: where, reason: row });
          continue;
        }
        const picture = await firstThere(folders.map((folder) => join(folder, row.name)));
        const split = test ? 'test' : splitOf(personOf(row.name));
        faces.push({ picture, where, name: row.name, set: basename(root), split, points: row.points });
      }
    }
    return { faces, problems };
  },
};

function parseRow(line: string): { readonly name: string; readonly points: Float32Array } | string {
  const [name, ...cells] = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  if (name === '') return 'names no picture';
  if (cells.length === 0 || cells.length % 2 !== 0)
    return `has ${cells.length} coordinates, not pairs of them`;
  const bad = cells.find((cell) => cell === '' || !Number.isFinite(Number(cell)));
  if (bad !== undefined) return `has the coordinate ${JSON.stringify(bad)}, which is not a number`;
  const points = Float32Array.from(cells, (cell) => Number(cell) + 0.5);
  return { name, points: blankUnknown(points, 0.5) };
}
