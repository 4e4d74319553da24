import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dataOfRun, RunFolder, termsOfRun } from '../../training/src/trainer/run-folder.ts';
import { stateOf } from '../../training/src/trainer/model-state.ts';
import { TINY_SETTINGS } from './support.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'run-'))));
after(() => rm(folder, { recursive: true }));

const description = {
  command: [],
  network: 'tiny',
  settings: TINY_SETTINGS,
  engine: 'none',
  faces: { lfpw: 3 },
  started: '2026-01-01',
};

test('a run is not overwritten unless that is said, and then leaves nothing behind', async () => {
  const run = new RunFolder(folder);
  await run.start(description, false);
  assert.equal(await run.checkpoint(), undefined);
  const state = stateOf(new Map());
  await run.epochDone({ epoch: 1 }, { network: 'tiny', settings: TINY_SETTINGS, epoch: 1, state });
  await assert.rejects(run.start(description, false), /--resume.*--overwrite/);
  assert.deepEqual((await run.description()).faces, { lfpw: 3 });
  assert.equal((await run.checkpoint())?.epoch, 1);
  for (const name of ['report.json', 'report.html']) await writeFile(join(folder, name), 'of the old run');
  await mkdir(join(folder, 'model'));
  await run.start({ ...description, faces: { synthetic: 9 } }, true);
  assert.deepEqual((await readdir(folder)).sort(), ['metrics.jsonl', 'run.json']);
  assert.equal(await run.checkpoint(), undefined);
  assert.deepEqual((await run.description()).faces, { synthetic: 9 });
});

test('the terms of what a run started from and of its teacher bind its model too, each said once', () => {
  const own = { ...description, faces: { mine: 3, negatives: 9 } };
  assert.deepEqual(termsOfRun(own), ['mine: those of its authors.']);
  const inherited = { data: ['lfpw'], terms: 'No commercial use.' };
  assert.deepEqual(termsOfRun({ ...own, inherited, teacherTerms: 'Research only.' }), [
    'mine: those of its authors.',
    'No commercial use.',
    'Research only.',
  ]);
  assert.deepEqual(termsOfRun({ ...own, inherited, teacherTerms: inherited.terms }).length, 2);
});

test('sets and terms of the teacher are told whole; older runs know its terms alone', () => {
  const own = { ...description, faces: { mine: 3, negatives: 9 } };
  const teacherOrigin = { data: ['helen', 'mine'], terms: 'Research only.', sha256: '00' };
  const inherited = { data: ['lfpw', 'helen'], terms: 'No commercial use.' };
  assert.deepEqual(dataOfRun({ ...own, inherited, teacherOrigin }), ['mine', 'lfpw', 'helen']);
  assert.deepEqual(dataOfRun(own), ['mine']);
  assert.deepEqual(
    termsOfRun({ ...own, teacherOrigin }),
    termsOfRun({ ...own, teacherTerms: 'Research only.' }),
  );
});
