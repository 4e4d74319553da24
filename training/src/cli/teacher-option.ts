import { resolve } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { teach } from '../teacher/teach.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import type { Progress } from './progress.ts';
import type { TrainingData } from './training-data.ts';

/**
 * The data with the labels that are trained on corrected by `--teacher`; those that are measured on are never touched.
 * @throws Error when the settings do not say what it may correct
 */
export async function taughtBy(
  engine: Engine,
  teacher: string,
  data: TrainingData,
  { corrections, schema }: TrainSettings,
  progress: Pick<Progress, 'show' | 'line'>,
): Promise<TrainingData> {
  if (!corrections || schema) {
    throw new Error('--teacher is for presets that say which sets it may correct: w300, lite');
  }
  const { samples, counts } = await teach(engine, resolve(teacher), data.train, corrections, (done, total) =>
    progress.show(`labels after the teacher ${done}/${total}`),
  );
  for (const [set, { corrected, kept }] of Object.entries(counts)) {
    progress.line(
      `${set}: ${corrected} labels corrected by the teacher${kept > 0 ? `, ${kept} kept, of which it is not sure` : ''}`,
    );
  }
  return { ...data, train: samples };
}
