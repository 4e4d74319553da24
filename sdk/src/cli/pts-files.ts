import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPts, type RecordedFrame } from '../index.ts';
import { exists, writeWhole } from './files.ts';

/** The annotations of each picture beside each other, as 300-W has them: a `.pts` file a face, under the picture's path. */
export class PtsFiles {
  readonly #out: string;
  readonly #maxFaces: number;
  /** Which picture has a name; `a.jpg` and `a.png` would both be `a.pts`. */
  readonly #owner = new Map<string, string>();

  /** @param files all pictures of the run, whatever its shard: each must see the same clashes */
  constructor(out: string, files: readonly string[], maxFaces: number) {
    this.#out = out;
    this.#maxFaces = maxFaces;
    for (const file of files) {
      const name = stem(file);
      if (!this.#owner.has(name)) this.#owner.set(name, file);
    }
  }

  /** Why this picture cannot have a file; undefined where it can. */
  problemOf(file: string): string | undefined {
    const name = stem(file);
    const owner = this.#ownerOfFurtherFace(name) ?? this.#owner.get(name);
    if (owner === undefined || owner === file) return undefined;
    return `its .pts file would overwrite that of ${owner}; rename one of them`;
  }

  async write(frame: RecordedFrame): Promise<void> {
    for (const [path, keypoints] of this.#filesOf(frame)) await writeWhole(path, formatPts(keypoints));
  }

  /** Takes away what an earlier run has written, whatever its settings; not what is no longer as it was written. */
  async remove({ file, faces }: RecordedFrame): Promise<void> {
    if (file === undefined) return;
    for (const [i, { keypoints }] of faces.entries()) {
      const path = this.#path(nameOf(file, i));
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === formatPts(keypoints)) await rm(path);
    }
  }

  /** For pictures of an earlier run, which may have had another format. */
  async writeMissing(frame: RecordedFrame): Promise<void> {
    for (const [path, keypoints] of this.#filesOf(frame)) {
      if (!(await exists(path))) await writeWhole(path, formatPts(keypoints));
    }
  }

  #filesOf({ file, faces }: RecordedFrame): [path: string, keypoints: Float32Array][] {
    if (file === undefined || this.problemOf(file) !== undefined) return [];
    return faces.map(({ keypoints }, i) => [this.#path(nameOf(file, i)), keypoints]);
  }

  #path(name: string): string {
    return join(this.#out, `${name}.pts`);
  }

  /** The picture whose second or further face may have this name. */
  #ownerOfFurtherFace(name: string): string | undefined {
    const [, picture, face] = /^(.*)\.face([1-9]\d*)$/.exec(name) ?? [];
    const number = Number(face);
    return number >= 2 && number <= this.#maxFaces ? this.#owner.get(picture) : undefined;
  }
}

/** Of the `i`th face's file, without extension. */
const nameOf = (file: string, i: number): string => (i === 0 ? stem(file) : `${stem(file)}.face${i + 1}`);

/** The picture's path under the output folder, without extension, root and steps up. */
function stem(file: string): string {
  return file
    .replace(/^([A-Za-z]:)?\/+/, '')
    .replace(/^(\.\.\/)+/, '')
    .replace(/\.[^./]+$/, '');
}
