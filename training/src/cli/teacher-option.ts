import { resolve } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { PRODUCT_NETWORKS } from '../models/networks.ts';
import type { Corrections } from '../teacher/correction.ts';
import { teacherOrigin, type TeacherOrigin } from '../teacher/origin.ts';
import { teach } from '../teacher/teach.ts';
import type { RunDescription } from '../trainer/run-folder.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import type { Progress } from './progress.ts';
import type { TrainingData } from './training-data.ts';

/** The model of `--teacher`. */
export interface Teacher {
  /** As given. */
  readonly path: string;
  /** Absent in runs that were started before it was recorded. */
  readonly origin?: TeacherOrigin;
}

/**
 * The teacher of a new run, where one is given.
 * @throws Error when the settings do not say what it may correct, or it cannot be read
 */
export async function newTeacher(
  path: string | undefined,
  network: string,
  settings: TrainSettings,
): Promise<Teacher | undefined> {
  if (path === undefined) return undefined;
  correctionsOf(network, settings);
  return { path, origin: await teacherOrigin(resolve(path)) };
}

/**
 * The teacher of a run that goes on: its labels depend on it, so it must be the same.
 * @param given by `--teacher`: where it lies now
 * @throws Error when it is another, saying what to do
 */
export async function resumedTeacher(
  { teacher, teacherOrigin: origin }: Pick<RunDescription, 'teacher' | 'teacherOrigin'>,
  given?: string,
): Promise<Teacher | undefined> {
  const isKnown = teacher !== undefined && origin !== undefined;
  if (!isKnown && given !== undefined && given !== teacher) {
    throw new Error(`this run was started with ${teacher ?? 'no teacher'}; resume it without --teacher`);
  }
  if (teacher === undefined) return undefined;
  const path = given ?? teacher;
  if (origin && (await teacherOrigin(resolve(path))).sha256 !== origin.sha256) {
    throw new Error(
      `${path} is not the teacher that this run was started with, its weights differ: give that one by --teacher MODEL, or start a new run with another --out`,
    );
  }
  return { path, origin };
}

/**
 * The data with the labels that are trained on corrected by `--teacher`; those that are measured on are never touched.
 * @throws Error when the settings do not say what it may correct, or the faces have other points
 */
export async function taughtBy(
  engine: Engine,
  teacher: string,
  data: TrainingData,
  network: string,
  settings: TrainSettings,
  progress: Pick<Progress, 'show' | 'line'>,
): Promise<TrainingData> {
  const corrections = correctionsOf(network, settings);
  if (settings.schema) {
    throw new Error(
      `--teacher gives the 68 points of iBUG, these faces have ${settings.schema.count} (${settings.schema.name}): leave it out`,
    );
  }
  const { samples, counts, markupShifts } = await teach(
    engine,
    resolve(teacher),
    data.train,
    corrections,
    (done, total) => progress.show(`labels after the teacher ${done}/${total}`),
  );
  for (const [set, { corrected, kept }] of Object.entries(counts)) {
    const right = 100 * markupShifts[set];
    const sure = kept > 0 ? `, ${kept} kept, of which it is not sure` : '';
    const aside =
      right === 0
        ? ''
        : `; all moved back by ${Math.abs(right).toFixed(2)} % of the crop, as they lay that far to the ${right < 0 ? 'left' : 'right'}`;
    progress.line(`${set}: ${corrected} labels corrected by the teacher${sure}${aside}`);
  }
  return { ...data, train: samples };
}

/** The data as the run was shown them; where its teacher is no longer there, as they were read, with a note of that. */
export async function taughtAgain(
  engine: Engine,
  run: Pick<RunDescription, 'network' | 'teacher' | 'teacherOrigin'>,
  data: TrainingData,
  settings: TrainSettings,
  progress: Pick<Progress, 'show' | 'line'>,
): Promise<TrainingData & { readonly labelsNote?: string }> {
  if (run.teacher === undefined) return data;
  const asRead = 'The labels of training faces are as in the data, not as the teacher corrected them:';
  if (!run.teacherOrigin)
    return { ...data, labelsNote: `${asRead} which weights it had is not recorded in this run.` };
  const teacher = await resumedTeacher(run).catch(() => undefined);
  if (!teacher) return { ...data, labelsNote: `${asRead} ${run.teacher} no longer holds the same model.` };
  return taughtBy(engine, teacher.path, data, run.network, settings, progress);
}

function correctionsOf(network: string, { corrections }: TrainSettings): Corrections {
  if (corrections) return corrections;
  throw new Error(
    PRODUCT_NETWORKS.includes(network)
      ? `--teacher corrects labels of the sets that a preset names (lfpw, helen, …): give --preset ${network === 'lite' ? 'lite' : 'w300'} as well, or leave it out for sets of your own`
      : `--teacher is for ${PRODUCT_NETWORKS.join(', ')}, not for ${network}`,
  );
}
