import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readInitialLayers } from '../../training/src/trainer/initial.ts';
import { folderOf } from './readers/support.ts';

test('what is no model says so, and what to give instead', async () => {
  const run = await folderOf({ 'run.json': '{}' });
  await assert.rejects(readInitialLayers(run), (error: Error) => {
    return error.message.includes(`is a run: start from ${join(run, 'model')}`);
  });
  for (const text of ['{}', '[1]', 'no json']) {
    const file = join(await folderOf({ 'package.json': text }), 'package.json');
    await assert.rejects(readInitialLayers(file), /is no exported model: take the model\.json/, text);
  }
});
