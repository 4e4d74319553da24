import { resolve } from 'node:path';
import { DatasetError, readAnnotations } from '../datasets/annotations.ts';
import { formatNamed } from '../datasets/readers/formats.ts';
import type { Sample, Split } from '../datasets/sample.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { surroundingsOf } from '../datasets/surroundings.ts';
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
/** Hard poses beside the sets that are measured. */
const CALIBRATION_SETS = [...W300_SETS, 'aflw2000'];
/** One in so many training pictures is read for calibration. */
const CALIBRATION_SHARE = 6;

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

/** Some training faces of the sets that matter, or of whatever there is; undefined where the data have none. */
export async function readTrainingFaces({ data, format, sets }: FaceOptions): Promise<Sample[] | undefined> {
  const wanted = sets?.split(',') ?? CALIBRATION_SETS;
  const counts = new Map<boolean, number>();
  const pick = ({ split, set }: { split: Split; set: string }) => {
    if (split !== 'train') return false;
    const known = wanted.includes(set);
    const count = counts.get(known) ?? 0;
    counts.set(known, count + 1);
    return count % CALIBRATION_SHARE === 0;
  };
  try {
    const { samples } = await readAnnotations(resolve(data), {
      wanted: pick,
      format: formatNamed(format),
      keep: surroundingsOf,
    });
    const known = samples.filter(({ set }) => wanted.includes(set));
    return known.length > 0 ? known : samples;
  } catch (error) {
    if (error instanceof DatasetError) return undefined;
    throw error;
  }
}
