import { join } from 'node:path';
import { formatPts, type RecordedFrame } from '../index.ts';
import { exists, writeWhole } from './files.ts';

/** The annotations of each picture beside each other, as 300-W has them: a `.pts` file a face, under the picture's path. */
export class PtsFiles {
  readonly #out: string;
  /** Which picture has a name; `a.jpg` and `a.png` would both be `a.pts`. */
  readonly #owner = new Map<string, string>();

  /** @param files all pictures of the run, whatever its shard: each must see the same clashes */
  constructor(out: string, files: readonly string[]) {
    this.#out = out;
    for (const file of files) {
      const name = stem(file);
      if (!this.#owner.has(name)) this.#owner.set(name, file);
    }
  }

  /** Why this picture cannot have a file; undefined where it can. */
  problemOf(file: string): string | undefined {
    const owner = this.#owner.get(stem(file));
    if (owner === undefined || owner === file) return undefined;
    return `its .pts file would overwrite that of ${owner}; rename one of them`;
  }

  async write(frame: RecordedFrame): Promise<void> {
    for (const [path, keypoints] of this.#filesOf(frame)) await writeWhole(path, formatPts(keypoints));
  }

  /** For pictures of an earlier run, which may have had another format. */
  async writeMissing(frame: RecordedFrame): Promise<void> {
    for (const [path, keypoints] of this.#filesOf(frame)) {
      if (!(await exists(path))) await writeWhole(path, formatPts(keypoints));
    }
  }

  #filesOf({ file, faces }: RecordedFrame): [path: string, keypoints: Float32Array][] {
    if (file === undefined || this.problemOf(file) !== undefined) return [];
    return faces.map(({ keypoints }, i) => {
      const name = `${stem(file)}${i === 0 ? '' : `.face${i + 1}`}.pts`;
      return [join(this.#out, name), keypoints];
    });
  }
}

/** The picture's path under the output folder, without extension, root and steps up. */
function stem(file: string): string {
  return file
    .replace(/^([A-Za-z]:)?\/+/, '')
    .replace(/^(\.\.\/)+/, '')
    .replace(/\.[^./]+$/, '');
}
