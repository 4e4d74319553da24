import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { RunFolder } from '../../training/src/cli/run-folder.ts';
import { randomOf } from '../../training/src/support/random.ts';

const KILLS = 10;
const EPOCHS = 60;

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'kills-'))));
after(() => rm(folder, { recursive: true }));

/** Runs to the end, or is killed so many ms after it began to train. @returns its exit code, null when killed */
async function runOnce(killAfter?: number): Promise<number | null> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'killed-run.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (killAfter !== undefined) {
    await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
    await Promise.race([wait(killAfter), ended]);
    child.kill('SIGKILL');
  }
  return ended;
}

test('a run killed at ten random moments still ends, and its checkpoint can always be read', async () => {
  const random = randomOf(10);
  const run = new RunFolder(folder);
  const epochs: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    // The first start prepares its kernels and loads its worker, so later kills come sooner after the first epochs.
    await runOnce(random.between(0, 700));
    epochs.push((await run.checkpoint())?.epoch ?? 0);
  }
  if (process.env.DEBUG) console.log(epochs);
  assert.deepEqual(
    epochs,
    epochs.toSorted((a, b) => a - b),
    'no kill takes epochs away',
  );
  assert.equal(await runOnce(), 0);
  assert.equal((await run.checkpoint())?.epoch, EPOCHS);
  const records = await run.records();
  assert.deepEqual(
    records.map(({ epoch }) => epoch),
    Array.from({ length: EPOCHS }, (_, i) => i + 1),
  );
});
