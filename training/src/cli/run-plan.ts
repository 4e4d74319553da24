import { resolve } from 'node:path';
import { networkNamed } from '../models/networks.ts';
import type { InitialLayers } from '../models/parameters.ts';
import type { Checkpoint } from '../trainer/checkpoint.ts';
import { readInitialLayers } from '../trainer/initial.ts';
import type { RunDescription, RunFolder } from '../trainer/run-folder.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import { fitInit } from './init-option.ts';
import { count } from './number-option.ts';
import type { Progress } from './progress.ts';
import { newTeacher, resumedTeacher, type Teacher } from './teacher-option.ts';
import { newSettings, type SettingOptions } from './train-settings.ts';

/** Options of `npm run train` that decide what a run is. */
export interface RunOptions extends SettingOptions {
  readonly network: string;
  readonly data?: string;
  readonly teacher?: string;
  readonly workers: string;
  readonly resume: boolean;
  readonly overwrite: boolean;
}

/** What is to be done, known before anything costs time. */
export interface RunPlan {
  readonly network: string;
  /** Of a run that goes on: as it was started, and as far as it came. */
  readonly before?: RunDescription;
  readonly resumed?: Checkpoint;
  /** Without what the data decide. */
  readonly settings: TrainSettings;
  readonly teacher?: Teacher;
  /** Where the run's first weights come from; `given` are those that are still needed. */
  readonly init?: string;
  readonly given?: InitialLayers;
  readonly workers: number;
}

/** @throws Error saying which option cannot be followed, before minutes go into reading pictures */
export async function planRun(
  options: RunOptions,
  folder: RunFolder,
  progress: Pick<Progress, 'line'>,
): Promise<RunPlan> {
  const before = options.resume ? await folder.found() : undefined;
  if (!before) await folder.checkFree(options.overwrite);
  const resumed = before && (await folder.checkpoint());
  if (resumed && options.init !== undefined)
    throw new Error('--init is for the beginning of a run: leave it out where one goes on');
  if (resumed) progress.line(`going on after epoch ${resumed.epoch}`);
  else if (options.resume) {
    progress.line(
      before
        ? `${folder.path} was killed before the end of its first epoch: starting again, as its run.json says`
        : `${folder.path} holds no run yet: starting one`,
    );
  }
  if (before && before.data === undefined && options.data !== undefined)
    throw new Error('this run was started on faces drawn by code; resume it without --data');
  const network = before?.network ?? options.network;
  networkNamed(network);
  const settings = before
    ? resumedSettings(resumed?.settings ?? before.settings, resumed?.epoch ?? 0, options.epochs)
    : newSettings(network, options.data !== undefined, options);
  const workers = count('workers', options.workers);
  const teacher = before
    ? await resumedTeacher(before, options.teacher)
    : await newTeacher(options.teacher, network, settings);
  // Of a run that goes on they may lie elsewhere now.
  const init = options.init ?? before?.init;
  if (!resumed && init === undefined && before?.inherited)
    throw new Error('this run was started from weights: say by --init PATH where they are');
  const given = init && !resumed ? await readInitialLayers(resolve(init)) : undefined;
  // The data may have other points; all else that cannot fit is said now.
  if (given) fitInit(given, network, settings);
  return { network, before, resumed, settings, teacher, init, given, workers };
}

function resumedSettings(own: TrainSettings, done: number, wanted: string | undefined): TrainSettings {
  if (wanted === undefined) return own;
  const epochs = count('epochs', wanted);
  if (epochs < done) throw new Error(`${done} epochs of this run are done: --epochs ${done} or more`);
  return { ...own, epochs };
}
