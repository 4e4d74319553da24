import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CheckpointError, readCheckpoint, writeCheckpoint } from '../../training/src/trainer/checkpoint.ts';
import { stateOf } from '../../training/src/trainer/model-state.ts';
import { TINY_SETTINGS } from './support.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))));
after(() => rm(folder, { recursive: true }));

function example() {
  const state = stateOf(
    new Map([
      ['a/kernel', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6), trainable: true }],
      ['a/mean', { shape: [3], values: Float32Array.of(7, 8, 9), trainable: false }],
    ]),
  );
  state.moments.get('a/kernel')?.second.fill(0.5);
  return { network: 'tiny', settings: TINY_SETTINGS, epoch: 4, state };
}

test('a checkpoint reads back as it was written', async () => {
  const file = join(folder, 'whole');
  await writeCheckpoint(file, example());
  assert.deepEqual(await readCheckpoint(file), example());
});

test('what the system takes in part is written to the end', async (t) => {
  const file = join(folder, 'parts');
  const handle = await open(file, 'w');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = prototype.write as (this: FileHandle, bytes: Uint8Array) => Promise<unknown>;
  t.mock.method(prototype, 'write', function (this: FileHandle, bytes: Uint8Array) {
    return write.call(this, bytes.subarray(0, Math.ceil(bytes.length / 2)));
  });
  await writeCheckpoint(file, example());
  assert.deepEqual(await readCheckpoint(file), example());
});

test('a file cut short, and one of another kind, are refused by name', async () => {
  const file = join(folder, 'cut');
  await writeCheckpoint(file, example());
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 8));
  await assert.rejects(
    readCheckpoint(file),
    (error) => error instanceof CheckpointError && /cut short/.test(error.message),
  );
  await writeFile(file, 'something else entirely');
  await assert.rejects(readCheckpoint(file), CheckpointError);
});
