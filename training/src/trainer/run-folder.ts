import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { termsOfSets } from '../datasets/terms.ts';
import type { TeacherOrigin } from '../teacher/origin.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { TrainSettings } from './settings.ts';
import type { EpochRecord } from './train.ts';

/** What the run was measured to give: figures and page. */
export const REPORT_FILES = ['report.json', 'report.html'] as const;

/** Where the exported model lies, unless another place is said. */
export const MODEL_FOLDER = 'model';

/** How a run was started. */
export interface RunDescription {
  readonly command: readonly string[];
  readonly network: string;
  readonly settings: TrainSettings;
  /** For people: library, version, device. */
  readonly engine: string;
  /** As `--engine` names it; absent in runs that were started before it was recorded. */
  readonly engineName?: string;
  /** As given by `--data`; absent: faces drawn by code. */
  readonly data?: string;
  /** As given by `--format`; absent: by what the folder holds. */
  readonly format?: string;
  /** As given by `--init`; absent: from nothing, or in runs that were started before it was recorded. */
  readonly init?: string;
  /** Training pictures of each set that is drawn from; of all sets in runs that were started before that was told apart. */
  readonly faces: Readonly<Record<string, number>>;
  /** Pictures without a face that it was not shown; absent in runs that were started before any were left out. */
  readonly negativesHeldOut?: number;
  /** Sets and terms of the model that the run started from, which bind what it becomes. */
  readonly inherited?: { readonly data: readonly string[]; readonly terms: string };
  /** The exported model that corrected labels, as given by `--teacher`. */
  readonly teacher?: string;
  /** Its sets and terms, which bind those who learn from it, and its weights' hash. */
  readonly teacherOrigin?: TeacherOrigin;
  /** Its terms alone: in runs that were started before `teacherOrigin` was there. */
  readonly teacherTerms?: string;
  readonly started: string;
}

/** What binds the run's model: the terms of its sets, of the model that it started from, and of its teacher. */
export function termsOfRun({ faces, inherited, teacherOrigin, teacherTerms }: RunDescription): string[] {
  const others = [inherited?.terms, teacherOrigin?.terms ?? teacherTerms].filter(
    (terms) => terms !== undefined,
  );
  return [...new Set([...termsOfSets(Object.keys(faces)), ...others])];
}

/** Sets of faces that the run's model comes from: its own, and those of the model that it started from and of its teacher. */
export function dataOfRun({ faces, inherited, teacherOrigin }: RunDescription): string[] {
  const own = Object.keys(faces).filter((set) => set !== 'negatives');
  return [...new Set([...own, ...(inherited?.data ?? []), ...(teacherOrigin?.data ?? [])])];
}

/**
 * What a run leaves behind: `run.json` (how it was started), `metrics.jsonl` (a line an epoch),
 * `last.checkpoint` (to resume and to export); and once it is measured, {@link REPORT_FILES}.
 */
export class RunFolder {
  readonly checkpointFile: string;
  private readonly metricsFile: string;

  constructor(readonly path: string) {
    this.checkpointFile = join(path, 'last.checkpoint');
    this.metricsFile = join(path, 'metrics.jsonl');
  }

  /** @throws Error when the folder holds a run already and `overwrite` does not say that it may go */
  async checkFree(overwrite: boolean): Promise<void> {
    if (!overwrite && (await this.checkpoint())) {
      throw new Error(
        `${this.path} holds a run already: go on with it by --resume, choose another --out, or --overwrite it`,
      );
    }
  }

  /**
   * Begins a new run.
   * @throws Error as {@link checkFree}
   */
  async start(description: RunDescription, overwrite: boolean): Promise<void> {
    await this.checkFree(overwrite);
    await mkdir(this.path, { recursive: true });
    // All that was made of the old run would pass for the new one's.
    for (const name of [basename(this.checkpointFile), ...REPORT_FILES, MODEL_FOLDER])
      await rm(join(this.path, name), { recursive: true, force: true });
    await writeFile(join(this.path, 'run.json'), JSON.stringify(description, null, 2) + '\n');
    await writeFile(this.metricsFile, '');
  }

  async description(): Promise<RunDescription> {
    return JSON.parse(await readFile(join(this.path, 'run.json'), 'utf8')) as RunDescription;
  }

  /** How the run here was started, be it without a whole epoch yet; undefined where there is none. */
  async found(): Promise<RunDescription | undefined> {
    return this.description().catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** What each epoch gave; empty lines and one cut short by a kill are passed over. */
  async records(): Promise<EpochRecord[]> {
    const text = await readFile(this.metricsFile, 'utf8').catch(() => '');
    const records = new Map<number, EpochRecord>();
    for (const line of text.split('\n')) {
      try {
        const record = JSON.parse(line) as EpochRecord;
        // An epoch that was killed between record and checkpoint was done again.
        records.set(record.epoch, record);
      } catch {
        continue;
      }
    }
    return [...records.values()].sort((a, b) => a.epoch - b.epoch);
  }

  /** Readies a run that was killed to go on: a record cut short must not spoil the next one. */
  async reopen(): Promise<void> {
    const text = await readFile(this.metricsFile, 'utf8').catch(() => '');
    if (text !== '' && !text.endsWith('\n')) await appendFile(this.metricsFile, '\n');
  }

  /** The record goes first: killed in between, the epoch is done and recorded again; otherwise its record would be lost. */
  async epochDone(record: object, checkpoint: Checkpoint): Promise<void> {
    await appendFile(this.metricsFile, JSON.stringify(record) + '\n');
    await writeCheckpoint(this.checkpointFile, checkpoint);
  }

  /** The last whole epoch, or undefined when the run has none yet. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    try {
      return await readCheckpoint(this.checkpointFile);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** @throws Error when the run has no whole epoch yet */
  async lastCheckpoint(): Promise<Checkpoint> {
    const checkpoint = await this.checkpoint();
    if (checkpoint) return checkpoint;
    throw new Error(`${this.path} holds no last.checkpoint; \`npm run train\` writes one after each epoch`);
  }
}
