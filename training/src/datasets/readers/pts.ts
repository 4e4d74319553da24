import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { FaceKeypointsError } from '../../../../sdk/src/errors.ts';
import { parsePts } from '../../../../sdk/src/recording/pts.ts';
import type { Split } from '../sample.ts';
import { findFiles, keyOf, pictureBeside, splitOf, splitOfWord, wordsOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';
import { blankUnknown } from './unknown.ts';

/** What `parsePts` adds to the file's coordinates, which count pixels from 1. */
const TO_OURS = -0.5;

/**
 * iBUG's `.pts` files as 300-W comes: each beside its picture, in folders such as `helen/trainset`. 1-based pixels,
 * unknown points at (-1, -1). Folders named `testset`, and `ibug`, are for the test, as the literature splits them.
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
      const points = pointsOf(await readFile(file, 'utf8'));
      if (typeof points === 'string') {
        problems.push({ file: where, reason: points });
        continue;
      }
      const folders = where.split(sep).slice(0, -1);
      const name = relative(root, picture);
      const set = folders.find((folder) => !splitOfFolder(folder)) ?? basename(root);
      faces.push({
        picture,
        where,
        name,
        set,
        split: splitOfFolders([...folders, basename(root)], picture),
        points,
      });
    }
    return { faces, problems };
  },
};

/** Points in px, or what is wrong. */
function pointsOf(text: string): Float32Array | string {
  try {
    return blankUnknown(parsePts(text), TO_OURS);
  } catch (error) {
    if (error instanceof FaceKeypointsError) return error.message;
    throw error;
  }
}

function splitOfFolders(folders: readonly string[], picture: string): Split {
  const splits = folders.map(splitOfFolder);
  if (splits.includes('test') || folders.some((folder) => /^ibug$/i.test(folder))) return 'test';
  return splits.includes('val') ? 'val' : splitOf(keyOf(picture));
}

/** By its first word: `testset`, `test-2`; not `Valerie`. */
function splitOfFolder(folder: string): Split | undefined {
  return splitOfWord(wordsOf(folder)[0] ?? '');
}
