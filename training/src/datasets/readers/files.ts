import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import { exists } from '../../support/exists.ts';
import { isOneIn } from '../../support/hash.ts';
import type { Split } from '../sample.ts';
import { DatasetError } from './reader.ts';

const PICTURES = ['.jpg', '.jpeg', '.png', '.webp', '.JPG', '.JPEG', '.PNG'];

/**
 * Files below `root` whose name fits, sorted, at most `depth` folders down.
 * @throws DatasetError when `root` is not a folder that can be read
 */
export async function findFiles(root: string, fits: RegExp, depth = 4): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DatasetError(`${root} is not a folder that can be read`, { cause });
  });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(root, entry.name);
      if (await isFolder(entry, path)) return depth > 0 ? findFiles(path, fits, depth - 1) : [];
      return fits.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}

/** Also by a link, as large sets often are, unless it leads back to where it lies. */
async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    const [here, target] = [await realpath(dirname(path)), await realpath(path)];
    return !(here + sep).startsWith(target + sep) && (await stat(target)).isDirectory();
  } catch {
    // It leads nowhere.
    return false;
  }
}

/** The picture that lies beside an annotation file under the same name. */
export async function pictureBeside(file: string): Promise<string | undefined> {
  const stem = file.slice(0, -extname(file).length);
  for (const extension of PICTURES) {
    if (await exists(stem + extension)) return stem + extension;
  }
  return undefined;
}

/** The first of `paths` that is there; the first of all when none is, for the message that it is missing. */
export async function firstThere(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path;
  return paths[0];
}

/**
 * What the split of a picture goes by where the data say nothing: its own name and its folder's, wherever that lies,
 * without the `_mirror` of a flipped twin (dlib's 300-W). The name alone would not do: many have a folder a person, with
 * the same names in each.
 * @param picture the whole path, so that it does not depend on where the data begin
 */
export function keyOf(picture: string): string {
  const [folder = ''] = picture.split(/[\\/]/).slice(-2, -1);
  return `${folder}/${stemOf(picture)}`;
}

function stemOf(picture: string): string {
  const [name] = picture.split(/[\\/]/).slice(-1);
  return basename(name, extname(name)).replace(/_mirror$/, '');
}

/** Who a picture shows, by the habit of numbering a person's pictures: `Name_12.jpg` is of `Name`. */
export function personOf(picture: string): string {
  const stem = stemOf(picture);
  return stem.replace(/[_-]\d+$/, '') || stem;
}

/** The split that a name says in a word of its own: `test`, `testset` or `testing`, not `latest`. */
const WORDS = { train: /^train(set|ing)?$/i, val: /^val(set|id|idation)?$/i, test: /^test(s|set|ing)?$/i };

/** The split that a word stands for. */
export function splitOfWord(word: string): Split | undefined {
  return (Object.keys(WORDS) as Split[]).find((split) => WORDS[split].test(word));
}

/** The words of a file's or folder's name. */
export function wordsOf(name: string): string[] {
  return name.split(/[^a-z]+/i).filter((word) => word !== '');
}

/** Where the data say nothing: one in ten to validate, always the same ones, and all of one key alike. */
export function splitOf(key: string): Split {
  return isOneIn(10, key) ? 'val' : 'train';
}
