import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import sharp from 'sharp';
import { luma } from '../../../sdk/src/crop/sample.ts';
import { LANDMARK_COUNT, LANDMARK_GROUPS } from '../../../sdk/src/landmarks/schema.ts';
import { inParallel } from '../support/parallel.ts';
import type { Sample, Split } from './sample.ts';

/** A folder that cannot be read as a data set; the message says what was expected. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** What could not be used, and why. Nothing is dropped without an entry here. */
export interface Problem {
  readonly file: string;
  readonly reason: string;
}

export interface Dataset {
  readonly samples: Sample[];
  readonly problems: Problem[];
}

/** One line of `annotations.jsonl`. Points are pixels, 0-based, pixel centres at whole numbers. */
interface Annotation {
  readonly file: string;
  readonly set: string;
  readonly split: Split;
  readonly points: ([number, number] | null)[] | null;
  readonly points2d?: ([number, number] | null)[];
  readonly markup?: string;
  readonly yaw?: number;
  readonly box?: [number, number, number, number];
}

const ANNOTATIONS = 'annotations.jsonl';
/** With fewer there is no telling where the face is. */
const FEWEST_POINTS = 5;
/** A turned face's jaw in the 3D convention lies behind the visible outline; below this yaw the two agree. */
const JAW_AGREES_BELOW_DEGREES = 12;

/**
 * Reads every `annotations.jsonl` below `root`, with its pictures decoded to grey.
 * @param wanted picks by split and set before pictures are decoded
 * @param colour RGBA pictures instead of grey ones, as the product sees them
 * @throws DatasetError when `root` holds no such file, or none of the pictures can be read
 */
export async function readAnnotations(
  root: string,
  wanted: (entry: { set: string; split: Split }) => boolean = () => true,
  onProgress: (done: number, total: number) => void = () => {},
  colour = false,
): Promise<Dataset> {
  const files = await find(root);
  if (files.length === 0) {
    throw new DatasetError(
      `${root} holds no ${ANNOTATIONS}: give a folder with one (a JSON object a line: file, set, split, points), or a folder of such folders`,
    );
  }
  const problems: Problem[] = [];
  const entries: { folder: string; annotation: Annotation }[] = [];
  for (const file of files) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines.forEach((line, i) => {
      if (line.trim() === '') return;
      const annotation = parse(line);
      if (typeof annotation === 'string') {
        problems.push({ file: `${relative(root, file)}:${i + 1}`, reason: annotation });
      } else if (wanted(annotation)) entries.push({ folder: dirname(file), annotation });
    });
  }
  let done = 0;
  const samples = await inParallel(entries, 4, async ({ folder, annotation }) => {
    try {
      return toSample(annotation, await decode(join(folder, annotation.file), colour));
    } catch (error) {
      problems.push({
        file: relative(root, join(folder, annotation.file)),
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    } finally {
      onProgress(++done, entries.length);
    }
  });
  const read = samples.filter((sample) => sample !== undefined);
  if (read.length === 0) {
    throw new DatasetError(
      entries.length === 0
        ? `${root} holds annotations, but none of the wanted split or set`
        : `none of the ${entries.length} pictures of ${root} could be read; the first: ${problems[0].file}: ${problems[0].reason}`,
    );
  }
  return { samples: read, problems };
}

/** Every picture of a folder as a sample without a face. A folder that is not there gives none. */
export async function readNegatives(folder: string): Promise<Sample[]> {
  const names = await readdir(folder).catch(() => []);
  const pictures = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  return inParallel(pictures, 4, async (name) => ({
    name,
    set: 'negatives',
    split: 'train' as const,
    image: await decode(join(folder, name), false),
  }));
}

async function find(root: string): Promise<string[]> {
  const names = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DatasetError(`${root} is not a folder that can be read`, { cause });
  });
  if (names.some((entry) => entry.name === ANNOTATIONS)) return [join(root, ANNOTATIONS)];
  const folders = names
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name, ANNOTATIONS));
  const found = await Promise.all(folders.map(async (file) => ((await exists(file)) ? file : undefined)));
  return found.filter((file) => file !== undefined).sort();
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

function parse(line: string): Annotation | string {
  let value: Partial<Annotation>;
  try {
    value = JSON.parse(line) as Partial<Annotation>;
  } catch {
    return 'not a JSON object';
  }
  if (typeof value.file !== 'string') return 'has no "file"';
  if (typeof value.set !== 'string') return 'has no "set"';
  if (value.split !== 'train' && value.split !== 'val' && value.split !== 'test') {
    return `"split" is ${JSON.stringify(value.split)}; it should be one of: train, val, test`;
  }
  if (!Array.isArray(value.points) || value.points.length !== LANDMARK_COUNT) {
    return `has ${Array.isArray(value.points) ? value.points.length : 'no'} points; ${LANDMARK_COUNT} are needed (null where unknown)`;
  }
  const known = value.points.filter((point) => point !== null);
  if (!known.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite))) {
    return 'has a point that is neither [x, y] nor null';
  }
  if (known.length < FEWEST_POINTS)
    return `has ${known.length} known points; at least ${FEWEST_POINTS} are needed`;
  return value as Annotation;
}

function toSample(annotation: Annotation, image: Sample['image']): Sample {
  const points = new Float32Array(2 * LANDMARK_COUNT).fill(NaN);
  const source = annotation.points2d ?? annotation.points ?? [];
  source.forEach((point, i) => {
    if (point) points.set([point[0] + 0.5, point[1] + 0.5], 2 * i);
  });
  if (
    annotation.markup?.includes('3d') &&
    !annotation.points2d &&
    Math.abs(annotation.yaw ?? 90) > JAW_AGREES_BELOW_DEGREES
  ) {
    points.fill(NaN, 2 * LANDMARK_GROUPS.jaw[0], 2 * LANDMARK_GROUPS.jaw[1]);
  }
  return {
    name: annotation.file,
    set: annotation.set,
    split: annotation.split,
    image,
    points,
    box: annotation.box ?? boxOf(annotation.points ?? []),
  };
}

/** The whole face's box, also where single points are left out of the loss. */
function boxOf(points: ([number, number] | null)[]): Sample['box'] {
  const known = points.filter((point) => point !== null);
  if (known.length === 0) return undefined;
  const xs = known.map((point) => point[0] + 0.5);
  const ys = known.map((point) => point[1] + 0.5);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Upright by its EXIF orientation, as browsers show it; grey is the luma of the SDK's own crop. */
async function decode(file: string, colour: boolean): Promise<Sample['image']> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (info.channels !== 4) throw new DatasetError(`${file} did not decode to colours`);
  if (colour) return { data: new Uint8Array(data), width, height, channels: 4 };
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.round(luma(data[4 * i], data[4 * i + 1], data[4 * i + 2]));
  return { data: grey, width, height, channels: 1 };
}
