import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { findFiles, firstThere, keyOf, splitOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';

const COORDINATES = 2 * 98;
/** A rectangle and six attributes, in the lists that have them. */
const EXTRA = 4 + 6;

/**
 * WFLW's lists, `list_98pt_rect_attr_train.txt` and `…_test.txt` or those without `rect_attr`: 196 coordinates (0-based
 * pixels), perhaps a rectangle and attributes, the picture. The lists of single attributes repeat the test's faces and
 * are left alone.
 */
export const wflw: Reader = {
  holds: 'list_98pt_*train.txt and list_98pt_*test.txt of WFLW, with WFLW_images/',
  find: (root) => findFiles(root, /^list_98pt_(rect_attr_)?(train|test)\.txt$/, 3).then(richestOfEach),

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const test = /test\.txt$/.test(file);
      const folders = foldersUpTo(dirname(file), root).flatMap((folder) => [
        join(folder, 'WFLW_images'),
        folder,
      ]);
      const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
      for (let i = 0; i < lines.length; i++) {
        if (lines[i].trim() === '') continue;
        const where = `${relative(root, file)}:${i + 1}`;
        const cells = lines[i].trim().split(/\s+/);
        const name = cells[cells.length - 1];
        const numbers = cells.slice(0, -1).map(Number);
        if (numbers.length !== COORDINATES && numbers.length !== COORDINATES + EXTRA) {
          const wanted = `${COORDINATES} or ${COORDINATES + EXTRA}`;
          problems.push({
            file: where,
            reason: `has ${numbers.length} numbers before the picture, not ${wanted}`,
          });
        } else if (!numbers.every(Number.isFinite)) {
          problems.push({ file: where, reason: 'has a coordinate that is not a number' });
        } else {
          const picture = await firstThere(folders.map((folder) => join(folder, name)));
          const points = Float32Array.from(numbers.slice(0, COORDINATES), (value) => value + 0.5);
          faces.push({
            picture,
            where,
            name,
            set: 'wflw',
            split: test ? 'test' : splitOf(keyOf(picture)),
            points,
          });
        }
      }
    }
    return { faces, problems };
  },
};

/** The same faces come with and without attributes: one list of each split. */
function richestOfEach(files: string[]): string[] {
  return ['train', 'test'].flatMap((split) => {
    const lists = files.filter((file) => file.endsWith(`${split}.txt`));
    return [lists.find((file) => basename(file).includes('rect_attr')) ?? lists[0]].filter(
      (file) => file !== undefined,
    );
  });
}

/** `folder`, and those above it as far as `root`. */
function foldersUpTo(folder: string, root: string): string[] {
  return folder === root || dirname(folder) === folder
    ? [folder]
    : [folder, ...foldersUpTo(dirname(folder), root)];
}
