import { readFile } from 'node:fs/promises';
import { FaceKeypointsError, type LandmarkMetadata } from '../index.ts';
import { writeWhole } from './files.ts';
import type { Shard } from './shard.ts';

export interface Failure {
  readonly file: string;
  readonly reason: string;
}

/** What decides the results, besides `tool`; a run goes on only with the same of both. */
export interface RunSettings {
  readonly model: { readonly name: string | null; readonly sha256: LandmarkMetadata['sha256'] | null };
  readonly maxFaces: number;
}

export interface Manifest {
  readonly format: 'face-keypoints/manifest';
  readonly version: 1;
  /** Name and version: another one may find other points. */
  readonly tool: string;
  readonly settings: RunSettings;
  readonly backend: string;
  readonly shard: Shard;
  /** ISO 8601; `finished` is null while it runs, and after it was ended before all was done. */
  readonly started: string;
  readonly finished: string | null;
  /** How many were `named` for the last run of this shard; all others count what its record holds, over all runs. */
  readonly pictures: { readonly named: number; readonly annotated: number; readonly withoutFace: number };
  readonly faces: number;
  readonly failures: readonly Failure[];
  /** Beside this file. */
  readonly outputs: readonly string[];
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeWhole(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @throws FaceKeypointsError `option-invalid`: an earlier run into this folder had other settings or another version */
export async function checkSettings(
  path: string,
  { settings, tool }: Pick<Manifest, 'settings' | 'tool'>,
): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return;
  }
  let before: Partial<Manifest> | null = null;
  try {
    before = JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    // It says nothing that agrees.
  }
  const [was, is] = [before?.settings, settings].map((each) => JSON.stringify(each));
  if (was !== is) throw otherRun(path, `with other settings (${was}, now ${is})`);
  if (before?.tool !== tool) {
    throw otherRun(path, `of another version (${before?.tool}, now ${tool}); that one can go on with it`);
  }
}

function otherRun(path: string, how: string): FaceKeypointsError {
  return new FaceKeypointsError(
    'option-invalid',
    `${path} is of a run ${how}. Choose another --out, or --restart to do all again.`,
  );
}
