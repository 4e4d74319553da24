import { resolve } from 'node:path';
import { DatasetError, readAnnotations } from '../datasets/annotations.ts';
import { formatNamed } from '../datasets/readers/formats.ts';
import type { Sample } from '../datasets/sample.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { surroundingsOf } from '../datasets/surroundings.ts';
import type { FittingFaces } from '../export/fit-to-faces.ts';
import { listProblems } from './list-problems.ts';
import type { Progress } from './progress.ts';

/** Which faces an export is measured on and fitted to. */
export interface FaceOptions {
  readonly data: string;
  readonly format?: string;
  readonly split: string;
  readonly sets?: string;
}

/** What is measured where there are any. */
const W300_SETS: readonly string[] = ['lfpw', 'helen', 'afw'];
/** Hard poses beside the sets that are measured and marked by hand. */
const CALIBRATION_SETS = [...W300_SETS, 'aflw2000'];
/** @throws Error when their points are not those of the product */
export async function readFaces(
  { data, format, split, sets }: FaceOptions,
  progress: Progress,
): Promise<Sample[]> {
  const wanted = sets?.split(',');
  const { samples, problems, schema } = await readAnnotations(resolve(data), {
    wanted: (entry) => entry.split === split && (wanted?.includes(entry.set) ?? true),
    format: formatNamed(format),
  });
  if (schema.name !== IBUG68.name) {
    throw new Error(
      `the faces of ${data} have ${schema.count} points (${schema.name}); a model is measured on the 68 of iBUG`,
    );
  }
  listProblems(problems, progress);
  const w300 = samples.filter(({ set }) => W300_SETS.includes(set));
  return !wanted && w300.length > 0 ? w300 : samples;
}

/** The training faces of the sets that matter, or of all that there are; undefined where the data have none. */
export async function readTrainingFaces(options: FaceOptions): Promise<FittingFaces['training']> {
  const wanted = options.sets?.split(',') ?? CALIBRATION_SETS;
  const samples = (await readTraining(options, wanted)) ?? (await readTraining(options));
  if (!samples) return undefined;
  const marked = samples.filter(({ set }) => W300_SETS.includes(set));
  return { all: samples, markedByHand: marked.length > 0 ? marked : samples };
}

async function readTraining(
  { data, format }: FaceOptions,
  sets?: readonly string[],
): Promise<Sample[] | undefined> {
  try {
    const { samples } = await readAnnotations(resolve(data), {
      wanted: ({ split, set }) => split === 'train' && (sets?.includes(set) ?? true),
      format: formatNamed(format),
      keep: surroundingsOf,
    });
    const faces = samples.filter(({ points }) => points !== undefined);
    return faces.length > 0 ? faces : undefined;
  } catch (error) {
    if (error instanceof DatasetError) return undefined;
    throw error;
  }
}
