import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaceKeypointsError, recordingEncoder, type FaceTracker, type RecordedFrame } from '../index.ts';
import type { AnnotateCommand } from './arguments.ts';
import { exists, writeWhole } from './files.ts';
import { checkSettings, writeManifest, type Failure, type Manifest } from './manifest.ts';
import { PtsFiles } from './pts-files.ts';
import { RunRecord } from './record.ts';
import { shardName } from './shard.ts';
import { packageVersion } from './version.ts';

/** What a run knows of itself from its beginning. */
type RunFacts = Omit<Manifest, 'finished' | 'pictures' | 'faces' | 'failures'>;

/** What a run writes: the record, from which the other formats follow, and the manifest. */
export class RunFolder {
  readonly #record: RunRecord;
  readonly #pts: PtsFiles | undefined;
  readonly #csvPath: string | undefined;
  readonly #manifestPath: string;
  readonly #facts: RunFacts;
  readonly #files: readonly string[];
  #failures: readonly Failure[] = [];

  private constructor(
    record: RunRecord,
    pts: PtsFiles | undefined,
    csvPath: string | undefined,
    manifestPath: string,
    facts: RunFacts,
    files: readonly string[],
  ) {
    this.#record = record;
    this.#pts = pts;
    this.#csvPath = csvPath;
    this.#manifestPath = manifestPath;
    this.#facts = facts;
    this.#files = files;
  }

  /**
   * Takes up what an earlier run left.
   * @param all the pictures of all shards
   * @param files those of this shard
   * @throws FaceKeypointsError `option-invalid` (other settings or version), `input-invalid` (the record was changed)
   */
  static async open(
    { out, format, shard, maxFaces, restart }: AnnotateCommand,
    { metadata, backend }: Pick<FaceTracker, 'metadata' | 'backend'>,
    all: readonly string[],
    files: readonly string[],
  ): Promise<RunFolder> {
    const manifestPath = join(out, shardName('manifest', '.json', shard));
    const recordPath = join(out, shardName('annotations', '.jsonl', shard));
    const csv = join(out, shardName('annotations', '.csv', shard));
    const settings = {
      model: { name: metadata.name ?? null, sha256: metadata.sha256 ?? null },
      maxFaces,
    };
    const tool = `face-keypoints ${await packageVersion()}`;
    await mkdir(out, { recursive: true });
    const ptsFiles = new PtsFiles(out, all, maxFaces);
    if (restart) await forget(recordPath, csv, ptsFiles);
    else await checkSettings(manifestPath, { settings, tool });
    const pts = format === 'pts' ? ptsFiles : undefined;
    // One of an earlier run would tell less than the record from now on.
    const csvPath = format === 'csv' || (await exists(csv)) ? csv : undefined;
    const record = await RunRecord.open(recordPath, async (frame) => pts?.writeMissing(frame));
    const folder = new RunFolder(
      record,
      pts,
      csvPath,
      manifestPath,
      {
        format: 'face-keypoints/manifest',
        version: 1,
        tool,
        settings,
        backend,
        shard,
        started: new Date().toISOString(),
        outputs: [recordPath, ...(csvPath ? [csvPath] : [])].map((path) => basename(path)),
      },
      files,
    );
    await folder.#write(null);
    return folder;
  }

  isDone(file: string): boolean {
    return this.#record.done.has(file);
  }

  /** Why this picture cannot be written; undefined where it can. */
  problemOf(file: string): string | undefined {
    return this.#pts?.problemOf(file);
  }

  async add(frame: RecordedFrame): Promise<void> {
    // The record comes last: what it names is whole.
    await this.#pts?.write(frame);
    await this.#record.add(frame);
  }

  /** @param complete false leaves it for the same command to go on */
  async end(complete: boolean, failures: readonly Failure[]): Promise<void> {
    this.#failures = failures;
    if (complete) {
      await this.#record.finish();
      if (this.#csvPath) await writeWhole(this.#csvPath, toCsv(this.#record.frames()));
    }
    await this.close();
    await this.#write(complete ? new Date().toISOString() : null);
  }

  async close(): Promise<void> {
    await this.#record.close();
  }

  get summary(): string {
    const annotated = this.#files.filter((file) => this.isDone(file)).length;
    const { faces, withoutFace } = this.#record;
    return `${annotated} of ${this.#files.length} pictures annotated, ${this.#failures.length} failed; the record holds ${faces} faces, and ${withoutFace} pictures without one`;
  }

  #write(finished: string | null): Promise<void> {
    const { done, faces, withoutFace } = this.#record;
    return writeManifest(this.#manifestPath, {
      ...this.#facts,
      finished,
      pictures: { named: this.#files.length, annotated: done.size, withoutFace },
      faces,
      failures: this.#failures,
    });
  }
}

/** Takes away what an earlier run has left, as far as its record can be read. */
async function forget(recordPath: string, csvPath: string, pts: PtsFiles): Promise<void> {
  try {
    await RunRecord.open(recordPath, (frame) => pts.remove(frame));
  } catch (error) {
    if (!(error instanceof FaceKeypointsError)) throw error;
  }
  await RunRecord.remove(recordPath);
  await rm(csvPath, { force: true });
}

async function* toCsv(frames: AsyncIterable<RecordedFrame>): AsyncGenerator<string, void, undefined> {
  const encoder = recordingEncoder('csv');
  yield encoder.start();
  for await (const frame of frames) yield encoder.frame(frame);
  yield encoder.end();
}
