import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Split } from '../sample.ts';
import { findFiles, keyOf, splitOf, splitOfWord, wordsOf } from './files.ts';
import type { AnnotatedFace, Problem, Reader } from './reader.ts';
import { blankUnknown } from './unknown.ts';
import { readXml, XmlError } from './xml.ts';

/**
 * dlib's image data sets, such as `labels_ibug_300W_train.xml`: 0-based pixels, parts named by their number,
 * unknown ones at (-1, -1) or missing. Where lists of the training and the test faces lie beside one of all, only those
 * two are read.
 */
export const dlibXml: Reader = {
  holds: 'labels_*.xml of dlib, as labels_ibug_300W_train.xml, with the pictures that it names',

  async find(root) {
    const files = await findFiles(root, /^labels?_.*\.xml$/i, 1);
    return files.filter((file) => !files.some((other) => other.startsWith(`${file.slice(0, -4)}_`)));
  },

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const where = relative(root, file);
      try {
        new DlibList(root, file, faces, problems).read(await readFile(file, 'utf8'));
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
        problems.push({ file: where, reason: `${error.message}; nothing after it could be read` });
      }
    }
    return { faces, problems };
  },
};

/** One file in reading. */
class DlibList {
  private picture: string | undefined;
  private pictures = 0;
  private parts: Map<number, [number, number]> | undefined;
  private flaw: string | undefined;

  constructor(
    private readonly root: string,
    private readonly file: string,
    private readonly faces: AnnotatedFace[],
    private readonly problems: Problem[],
  ) {}

  read(text: string): void {
    readXml(text, {
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => this.close(name),
    });
  }

  private open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'image') {
      this.picture = attributes.get('file');
      this.pictures++;
      if (this.picture === undefined) this.problem('an image without a file');
    } else if (name === 'box') {
      this.parts = new Map();
      this.flaw = attributes.get('ignore') === '1' ? 'its box is marked to be ignored' : undefined;
    } else if (name === 'part' && this.parts) {
      const [index, x, y] = ['name', 'x', 'y'].map((key) => {
        const value = attributes.get(key);
        return value === undefined || value.trim() === '' ? NaN : Number(value);
      });
      if (!Number.isInteger(index) || index < 0) {
        this.flaw ??= `has a part named ${JSON.stringify(attributes.get('name'))}, not by a number`;
      } else if (!Number.isFinite(x) || !Number.isFinite(y)) this.flaw ??= `part ${index} has no place`;
      else this.parts.set(index, [x, y]);
    }
  }

  private close(name: string): void {
    if (name === 'image') this.picture = undefined;
    if (name !== 'box' || !this.parts || this.picture === undefined) return;
    const count = Math.max(-1, ...this.parts.keys()) + 1;
    if (count === 0) this.flaw ??= 'has a box without parts';
    if (this.flaw) return this.problem(this.flaw);
    const points = new Float32Array(2 * count).fill(NaN);
    for (const [index, [x, y]] of this.parts) points.set([x + 0.5, y + 0.5], 2 * index);
    const picture = join(dirname(this.file), this.picture);
    this.faces.push({
      picture,
      where: this.where(),
      name: this.picture,
      set: this.picture.includes('/') ? this.picture.split('/')[0] : basename(this.root),
      split: this.split(this.picture, picture),
      points: blankUnknown(points, 0.5),
    });
  }

  /** @param name as the file has it */
  private split(name: string, picture: string): Split {
    const splits = wordsOf(basename(this.file)).map(splitOfWord);
    if (splits.includes('test')) return 'test';
    return splits.includes('train') || !/(^|\/)(testset|ibug)\//.test(name)
      ? splitOf(keyOf(picture))
      : 'test';
  }

  private where(): string {
    return `${relative(this.root, this.file)}: ${this.picture ?? `image ${this.pictures}`}`;
  }

  private problem(reason: string): void {
    this.problems.push({ file: this.where(), reason });
  }
}
