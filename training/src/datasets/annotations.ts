import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { inParallel } from '../support/parallel.ts';
import { decodePicture } from './picture.ts';
import { placed } from './placement.ts';
import { readerOf, type FormatName } from './readers/formats.ts';
import { DatasetError, type AnnotatedFace, type Problem } from './readers/reader.ts';
import { mirrorOfPairs, schemaOfCount, type LandmarkSchema } from './schema.ts';
import type { Sample, Split } from './sample.ts';

export { DatasetError, type Problem };

export interface Dataset {
  readonly samples: Sample[];
  readonly problems: Problem[];
  /** What the points mean: by their number, or as the folder's `schema.json` says. */
  readonly schema: LandmarkSchema;
}

/** With fewer there is no telling where the face is. */
const FEWEST_POINTS = 5;
const SCHEMA = 'schema.json';

export interface ReadOptions {
  /** Picks by split and set before pictures are decoded. */
  readonly wanted?: (entry: { set: string; split: Split }) => boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** RGBA pictures instead of grey ones, as the product sees them. */
  readonly colour?: boolean;
  /** Absent: told by what the folder holds. */
  readonly format?: FormatName;
  /** What is kept of each face once its picture is decoded, such as a part of it; all by default. */
  readonly keep?: (sample: Sample) => Sample | Promise<Sample>;
}

/**
 * Reads the annotated faces of `root`, with their pictures decoded to grey.
 * @throws DatasetError when `root` holds no annotations, or none of the pictures can be read; what `keep` throws
 */
export async function readAnnotations(root: string, options: ReadOptions = {}): Promise<Dataset> {
  const { wanted = () => true, onProgress = () => {}, colour = false, format, keep = (all) => all } = options;
  const { reader, files, others } = await readerOf(root, format);
  const { faces, problems } = await reader.read(root, files);
  for (const other of others) {
    problems.push({
      file: root,
      reason: `also holds annotations of the format ${other}; --format ${other} reads those`,
    });
  }
  const schema = (await statedSchema(root)) ?? schemaOfCount(commonCount(faces));
  const usable: AnnotatedFace[] = [];
  for (const face of faces) {
    const reason = unusable(face, schema);
    if (reason) problems.push({ file: face.where, reason });
    else if (wanted(face)) usable.push(face);
  }
  const decode = async (face: AnnotatedFace): Promise<Sample | undefined> => {
    try {
      const found = placed(toSample(face, await decodePicture(face.picture, colour)));
      const reason = typeof found === 'string' ? found : unusable(found.sample, schema);
      if (reason !== undefined) problems.push({ file: face.where, reason });
      if (typeof found === 'string' || reason !== undefined) return undefined;
      if (found.strays > 0) problems.push({ file: face.where, reason: strayed(found.strays) });
      return found.sample;
    } catch (error) {
      problems.push({ file: relative(root, face.picture), reason: messageOf(error) });
    }
    return undefined;
  };
  let done = 0;
  const samples = await inParallel(usable, 4, async (face) => {
    const sample = await decode(face);
    const kept = sample && (await keep(sample));
    onProgress(++done, usable.length);
    return kept;
  });
  const read = samples.filter((sample) => sample !== undefined);
  if (read.length === 0) {
    const [first] = problems;
    if (faces.length === 0 && !first) throw new DatasetError(`${root} holds annotations of no face`);
    throw new DatasetError(
      !first || (usable.length === 0 && faces.length > problems.length)
        ? `${root} holds annotations, but none of the wanted split or set`
        : `no face of ${root} could be read; the first: ${first.file}: ${first.reason}`,
    );
  }
  return { samples: read, problems, schema };
}

export interface NegativesOptions extends Pick<ReadOptions, 'keep'> {
  /** Picks by name before pictures are decoded. */
  readonly wanted?: (name: string) => boolean;
  /** Gets those that cannot be read. */
  readonly problems?: Problem[];
}

/**
 * The pictures of a folder as samples without a face. A folder that is not there gives none.
 * @throws DatasetError naming the first that cannot be read, where nobody asks for `problems`
 */
export async function readNegatives(
  folder: string,
  { wanted = () => true, keep = (all) => all, problems }: NegativesOptions = {},
): Promise<Sample[]> {
  const names = await readdir(folder).catch(() => []);
  const pictures = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name) && wanted(name)).sort();
  const samples = await inParallel(pictures, 4, async (name) => {
    try {
      const image = await decodePicture(join(folder, name), false);
      return await keep({ name, set: 'negatives', split: 'train', image });
    } catch (error) {
      const file = join(basename(folder), name);
      if (!problems) throw new DatasetError(`${file}: ${messageOf(error)}`, { cause: error });
      problems.push({ file, reason: messageOf(error) });
      return undefined;
    }
  });
  return samples.filter((sample) => sample !== undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The number of points that most faces have; of several, the larger. */
function commonCount(faces: readonly AnnotatedFace[]): number {
  const counts = new Map<number, number>();
  for (const { points } of faces) counts.set(points.length / 2, (counts.get(points.length / 2) ?? 0) + 1);
  const [most] = [...counts].sort(([a, facesA], [b, facesB]) => facesB - facesA || b - a);
  return most?.[0] ?? 0;
}

function unusable(
  { points = new Float32Array() }: Pick<Sample, 'points'>,
  { count }: LandmarkSchema,
): string | undefined {
  if (points.length !== 2 * count) return `has ${points.length / 2} points; the set has ${count} a face`;
  const known = points.filter((value, i) => i % 2 === 0 && value === value).length;
  const fewest = Math.min(FEWEST_POINTS, count);
  return known < fewest ? `has ${known} known points; at least ${fewest} are needed` : undefined;
}

function strayed(count: number): string {
  return `${count} of its points lie further out of the picture than half a face: taken as unknown`;
}

function toSample(face: AnnotatedFace, image: Sample['image']): Sample {
  const { name, set, split, box } = face;
  const points = face.relative
    ? face.points.map((share, i) => share * (i % 2 === 0 ? image.width : image.height))
    : face.points;
  return { name, set, split, image, points, ...(box && { box }) };
}

/**
 * The folder's own `schema.json`, for points that are not known here:
 * `{ "name", "count", "mirror": [[a, b], …], "unit": [a, b], "regions": { part: [points] }, "nose": a }`, all but name
 * and count optional.
 */
async function statedSchema(root: string): Promise<LandmarkSchema | undefined> {
  const text = await readFile(join(root, SCHEMA), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const refuse = (reason: string) => new DatasetError(`${join(root, SCHEMA)} ${reason}`);
  let stated: Partial<Omit<LandmarkSchema, 'mirror'>> & { mirror?: [number, number][] };
  try {
    stated = JSON.parse(text) as typeof stated;
  } catch {
    throw refuse('is not JSON');
  }
  const { name, count = 0, mirror, unit, regions = {}, nose } = stated;
  if (typeof name !== 'string' || !(Number.isInteger(count) && count > 0)) {
    throw refuse('should say "name" and "count"');
  }
  const indices = [...(mirror ?? []).flat(), ...(unit ?? []), ...Object.values(regions).flat(), nose ?? 0];
  if (!indices.every((index) => Number.isInteger(index) && index >= 0 && index < count)) {
    throw refuse(`names a point that is not one of 0 to ${count - 1}`);
  }
  return { name, count, unit, regions, nose, ...(mirror && { mirror: mirrorOfPairs(count, mirror) }) };
}
