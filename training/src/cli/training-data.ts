import { join, resolve } from 'node:path';
import { DatasetError, readAnnotations, readNegatives, type Dataset } from '../datasets/annotations.ts';
import type { FormatName } from '../datasets/readers/formats.ts';
import type { Sample, Split } from '../datasets/sample.ts';
import { IBUG68, unitInWords, type LandmarkSchema } from '../datasets/schema.ts';
import { forNetwork } from '../datasets/select.ts';
import { makeSyntheticFaces } from '../datasets/synthetic.ts';
import { measuredPartOf, surroundingsOf } from '../datasets/surroundings.ts';
import { COURSE_SETTINGS } from '../trainer/settings.ts';
import { isHeldOut } from '../evaluation/presence.ts';
import { listProblems } from './list-problems.ts';
import type { Progress } from './progress.ts';

/** What a run reads. */
export interface TrainingData {
  readonly train: Sample[];
  /** Faces to validate on: the data's `val`, or where it has none its `test`, by which nothing is chosen here. */
  readonly held: Sample[];
  readonly heldSplit: Split;
  /** Pictures without a face that training does not see. */
  readonly negatives: Sample[];
  readonly schema: LandmarkSchema;
  /** What NME is measured by, in words. */
  readonly unit: string;
}

export interface DataChoice {
  /** Absent: faces drawn by code. */
  readonly data?: string;
  readonly format?: FormatName;
  /** Decides the drawn faces. */
  readonly seed: number;
  readonly network: string;
  /** Sets to train on; by default all. */
  readonly sets?: (set: string) => boolean;
  /** Decode so many training pictures of each set only: a report shows a few. */
  readonly trainLimit?: number;
}

const SYNTHETIC_FACES = 300;
/** A few pictures of a set are taken so far apart, as a person's often lie together. */
const APART = 16;

export async function readTrainingData(choice: DataChoice, progress: Progress): Promise<TrainingData> {
  const read = await readSamples(choice, progress);
  const { samples, schema } = forNetwork(choice.network, read.samples, read.schema);
  const unfit = faceCount(read.samples) - faceCount(samples);
  if (unfit > 0) progress.line(`${unfit} faces do not show what ${choice.network} learns: left out`);
  const of = (wanted: Split) => samples.filter(({ split, points }) => split === wanted && points);
  const heldSplit = of('val').length > 0 ? 'val' : 'test';
  const train = samples.filter(({ split }) => split === 'train');
  const { negatives } = read;
  return { train, held: of(heldSplit), heldSplit, negatives, schema, unit: unitInWords(read.schema) };
}

async function readSamples(
  { data, format, seed, network, sets = () => true, trainLimit = Infinity }: DataChoice,
  progress: Progress,
): Promise<{ samples: Sample[]; schema: LandmarkSchema; negatives: Sample[] }> {
  if (data === undefined) {
    progress.line('no --data: faces drawn by code');
    return { samples: makeSyntheticFaces(SYNTHETIC_FACES, seed), schema: IBUG68, negatives: [] };
  }
  const root = resolve(data);
  const whole = COURSE_SETTINGS[network]?.picture !== undefined;
  const read = (wanted: (split: Split, set: string) => boolean): Promise<Dataset> =>
    readAnnotations(root, {
      wanted: ({ split, set }) => wanted(split, set),
      onProgress: (done, total) => progress.show(`reading pictures ${done}/${total}`),
      format,
      keep: (sample) => (whole ? sample : keep(sample)),
    });
  const seen = new Map<string, number>();
  const { samples, problems, schema } = await read((split, set) => {
    if (split !== 'train') return split === 'val';
    if (!sets(set)) return false;
    const before = seen.get(set) ?? 0;
    seen.set(set, before + 1);
    return trainLimit === Infinity || (before % APART === 0 && before < trainLimit * APART);
  });
  if (!samples.some(({ split }) => split === 'val')) {
    try {
      const test = await read((split) => split === 'test');
      samples.push(...test.samples);
      problems.push(...test.problems);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      progress.line(`no faces to validate on: ${error.message}`);
    }
  }
  const folder = join(root, 'negatives');
  if (trainLimit === Infinity)
    samples.push(
      ...(await readNegatives(folder, {
        wanted: (name) => !isHeldOut(name),
        keep: surroundingsOf,
        problems,
      })),
    );
  const negatives = await readNegatives(folder, { wanted: isHeldOut, problems });
  listProblems(problems, progress);
  return { samples, schema, negatives };
}

/** Faces to measure on are not shrunk, as `npm run evaluate` sees them: the two must agree. */
function keep(sample: Sample): Sample | Promise<Sample> {
  return sample.split === 'train' ? surroundingsOf(sample) : measuredPartOf(sample);
}

function faceCount(samples: readonly Sample[]): number {
  return samples.filter(({ points }) => points).length;
}
