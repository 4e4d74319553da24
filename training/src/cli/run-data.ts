import type { FormatName } from '../datasets/readers/formats.ts';
import type { Engine } from '../engines/engine.ts';
import type { InitialLayers } from '../models/parameters.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import { countSets, describeCounts, type SetCounts } from './drawn-sets.ts';
import { describeInit, fitInit } from './init-option.ts';
import type { Progress } from './progress.ts';
import { checkResumedData } from './resumed-data.ts';
import type { RunPlan } from './run-plan.ts';
import { taughtBy } from './teacher-option.ts';
import { checkSizes, fitToData } from './train-settings.ts';
import { readTrainingData, type TrainingData } from './training-data.ts';

/** What a run learns from, and what of its plan that decides. */
export interface RunData {
  readonly data: TrainingData;
  readonly settings: TrainSettings;
  readonly initial: InitialLayers;
  /** Pictures of each set that is drawn from. */
  readonly drawn: SetCounts['drawn'];
}

/**
 * Reads the pictures, leaves out what is not drawn from, and lets the teacher correct labels.
 * @param source folder of annotated faces; absent: drawn by code
 * @throws DatasetError when nothing can be read; Error when the plan does not suit the data
 */
export async function readRunData(
  plan: RunPlan,
  engine: Engine,
  source: string | undefined,
  format: FormatName | undefined,
  progress: Progress,
): Promise<RunData> {
  const { network, before, teacher, init, given } = plan;
  const read = await readTrainingData({ data: source, format, seed: plan.settings.seed, network }, progress);
  const labelled = plan.settings.everySample ? read.train.filter(({ points }) => points) : read.train;
  checkSizes(network, plan.settings, labelled);
  const settings = before ? plan.settings : fitToData(plan.settings, read.schema, labelled.length);
  const { drawn, left } = countSets(labelled, settings);
  if (Object.keys(left).length > 0)
    progress.line(`not trained on, as the preset's mix does not name them: ${describeCounts(left)}`);
  const change = before && checkResumedData(before.faces, { drawn, left }, source !== before.data);
  if (change) progress.line(change);
  const untaught = { ...read, train: labelled.filter(({ set }) => !Object.hasOwn(left, set)) };
  const initial = given && fitInit(given, network, settings);
  if (init && initial) for (const line of describeInit(initial, init)) progress.line(line);
  const data = teacher
    ? await taughtBy(engine, teacher.path, untaught, network, settings, progress)
    : untaught;
  progress.line(
    `${data.train.length} pictures to train on, ${data.held.length} to validate${data.heldSplit === 'test' ? ' (the test faces, as there are no others; nothing is chosen by them)' : ''}`,
  );
  return { data, settings, initial: initial?.layers ?? new Map(), drawn };
}
