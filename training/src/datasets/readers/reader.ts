import type { Split } from '../sample.ts';

/** A folder that cannot be read as a data set; the message says what was expected. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** What could not be used, and why. Nothing is dropped without an entry here. */
export interface Problem {
  readonly file: string;
  readonly reason: string;
}

/** One annotated face, its picture not decoded yet. */
export interface AnnotatedFace {
  /** Path of the picture. */
  readonly picture: string;
  /** Where the annotation stands, for the list of problems: file, and line where files hold several. */
  readonly where: string;
  readonly name: string;
  readonly set: string;
  readonly split: Split;
  /** x0, y0, x1, … px, pixel centres at whole numbers plus one half; NaN where unknown. */
  readonly points: Float32Array;
  /** The points are shares of the picture's width and height instead. */
  readonly relative?: boolean;
  /** Of the whole face, px, where `points` do not span it. */
  readonly box?: readonly [number, number, number, number];
}

export interface Reading {
  readonly faces: AnnotatedFace[];
  readonly problems: Problem[];
}

/** One format of annotations. */
export interface Reader {
  /** What a folder of this format holds, for messages. */
  readonly holds: string;
  /** Annotation files below `root`, sorted; none when the folder is of another format. */
  find(root: string): Promise<string[]>;
  /** Reads what `find` found. Broken annotations are problems; they do not end the reading. */
  read(root: string, files: readonly string[]): Promise<Reading>;
}
