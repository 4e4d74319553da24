import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { run } from '../../sdk/src/cli/run.ts';
import { parseRecording, type RecordedFrame } from '../../sdk/src/index.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const shared = join(root, '../shared/data');
export const example = join(root, 'public/example.jpg');
export const model = join(root, 'public/models/resnet18/model.json');
export const detector = join(root, 'node_modules/@vladmandic/human/models/blazeface.json');
export const models = ['--model', model, '--detector', detector];

/** The command as another program starts it. */
export const command = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  join(root, 'sdk/src/cli/main.ts'),
];

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'face-keypoints-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The drawn face in several sizes, so that no two pictures have the same result. */
export async function drawPictures(folder: string, names: readonly string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(
      join(folder, name),
      await sharp(example)
        .resize(200 + 7 * i)
        .png()
        .toBuffer(),
    );
  }
}

/** The command, in this process. */
export async function cli(
  args: readonly string[],
  {
    stdin = '',
    interrupted = new AbortController().signal,
  }: { stdin?: string; interrupted?: AbortSignal } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const sink = (into: string[]): Writable =>
    new Writable({ write: (chunk, _encoding, done) => (into.push(String(chunk)), done()) });
  const code = await run(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: sink(out),
    stderr: sink(err),
    interrupted,
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

export function start(args: readonly string[], options: object = {}): ChildProcess {
  return spawn(command[0], [...command.slice(1), ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

export function ended(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; stderr: string; stdout: string }> {
  let stderr = '';
  let stdout = '';
  child.stderr?.on('data', (data) => (stderr += String(data)));
  child.stdout?.on('data', (data) => (stdout += String(data)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stderr, stdout }));
  });
}

export function readRecord(out: string, name = 'annotations.jsonl'): RecordedFrame[] {
  return parseRecording(readFileSync(join(out, name), 'utf8'), 'jsonl');
}

export function byFile(frames: readonly RecordedFrame[]): RecordedFrame[] {
  return [...frames].sort((a, b) => (a.file! < b.file! ? -1 : 1));
}

/** All files under a folder, by name. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
