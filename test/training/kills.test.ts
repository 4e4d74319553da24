import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RunFolder } from '../../training/src/trainer/run-folder.ts';
import { randomOf } from '../../training/src/support/random.ts';

const KILLS = 10;
const EPOCHS = 60;

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'kills-'))));
after(() => rm(folder, { recursive: true }));

/** When to kill: so many ms after the run has begun to write that many checkpoints. */
interface Kill {
  readonly checkpoints: number;
  readonly ms: number;
}

/** Runs to the end, or to the kill. @returns the exit code, null when killed */
async function runOnce(kill?: Kill): Promise<number | null> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'killed-run.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let writes = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    writes += text.split('writing').length - 1;
    if (kill && writes >= kill.checkpoints) setTimeout(() => child.kill('SIGKILL'), kill.ms);
  });
  return new Promise((resolve) => child.once('exit', resolve));
}

test('a run killed at ten random moments still ends, and its checkpoint can always be read', async () => {
  const random = randomOf(10);
  const run = new RunFolder(folder);
  const epochs: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    await runOnce({ checkpoints: 1 + random.index(4), ms: random.between(0, 40) });
    epochs.push((await run.checkpoint())?.epoch ?? 0);
  }
  assert.deepEqual(
    epochs,
    epochs.toSorted((a, b) => a - b),
    'no kill takes epochs away',
  );
  assert.ok(epochs[KILLS - 1] > 5 && epochs[KILLS - 1] < EPOCHS, `kills at epochs ${epochs.join(', ')}`);
  assert.equal(await runOnce(), 0);
  assert.equal((await run.checkpoint())?.epoch, EPOCHS);
  const records = await run.records();
  assert.deepEqual(
    records.map(({ epoch }) => epoch),
    Array.from({ length: EPOCHS }, (_, i) => i + 1),
  );
});
