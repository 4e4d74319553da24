import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../trainer/checkpoint.ts';

/**
 * What a run leaves behind: `run.json` (how it was started), `metrics.jsonl` (a line an epoch),
 * `last.checkpoint` (to resume and to export).
 */
export class RunFolder {
  readonly checkpointFile: string;
  private readonly metricsFile: string;

  constructor(readonly path: string) {
    this.checkpointFile = join(path, 'last.checkpoint');
    this.metricsFile = join(path, 'metrics.jsonl');
  }

  async start(description: object): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(join(this.path, 'run.json'), JSON.stringify(description, null, 2) + '\n');
    await writeFile(this.metricsFile, '');
  }

  async description(): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(join(this.path, 'run.json'), 'utf8')) as Record<string, unknown>;
  }

  async epochDone(record: object, checkpoint: Checkpoint): Promise<void> {
    await writeCheckpoint(this.checkpointFile, checkpoint);
    await appendFile(this.metricsFile, JSON.stringify(record) + '\n');
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
}
