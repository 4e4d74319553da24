import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stateOf } from '../../../training/src/trainer/model-state.ts';
import { RunFolder, type RunDescription } from '../../../training/src/trainer/run-folder.ts';
import { PRESETS } from '../../../training/src/trainer/settings.ts';
import { folderOf, somePoints } from '../readers/support.ts';

const repository = new URL('../../../', import.meta.url);

/** What `npm run train` says, and whether it refuses. */
async function train(...args: string[]): Promise<{ said: string; failed: boolean }> {
  const command = ['--import', 'tsx', 'training/src/cli/train.ts', '--engine', 'wasm', ...args];
  const run = promisify(execFile)(process.execPath, command, { cwd: repository });
  return run.then(
    ({ stderr }) => ({ said: stderr, failed: false }),
    ({ stderr }: { stderr: string }) => ({ said: stderr, failed: true }),
  );
}

const FACES = ['train', 'train', 'val'].map((split, i) => ({ file: `${i}.png`, split }));
const line = (face: object) => JSON.stringify({ set: 'mine', points: somePoints(68), ...face });

/** Two faces to train on and one to validate. */
const data = await folderOf({
  'annotations.jsonl': FACES.map(line).join('\n'),
  ...Object.fromEntries(FACES.map(({ file }) => [file, null])),
});

const settings = { ...PRESETS.quick, epochs: 1, stepsPerEpoch: 1, batch: 2, size: 32, seed: 7 };

/** A run as it is left by a kill in its first epoch. */
async function begun(about: Partial<RunDescription> = {}): Promise<RunFolder> {
  const folder = new RunFolder(join(await folderOf({}), 'run'));
  const described = { command: [], network: 'lite', settings, engine: 'none', faces: { mine: 2 }, data };
  await folder.start({ ...described, started: '2026-01-01T00:00:00Z', ...about }, false);
  return folder;
}

test('a run killed in its first epoch starts again as it was started, whatever is not said again', async () => {
  const folder = await begun();
  const description = await folder.description();
  const { said } = await train('--out', folder.path, '--resume');
  assert.match(said, /killed before the end of its first epoch/);
  assert.match(said, /2 pictures to train on, 1 to validate/);
  const checkpoint = await folder.lastCheckpoint();
  assert.equal(checkpoint.network, 'lite');
  assert.deepEqual(checkpoint.settings, settings);
  assert.deepEqual(await folder.description(), description);
});

test('it starts from the same weights again', async () => {
  const { path } = await begun({ init: 'nowhere' });
  const { said, failed } = await train('--out', path, '--resume');
  assert.ok(failed);
  assert.match(said, /nowhere is neither a folder of \.npy weights/);
  const elsewhere = await train('--out', path, '--resume', '--init', 'there');
  assert.match(elsewhere.said, /there is neither a folder of \.npy weights/);
});

test('one that was started from weights which its record does not name is not started from nothing', async () => {
  const { path } = await begun({ inherited: { data: ['lfpw'], terms: 'as a test' } });
  const { said, failed } = await train('--out', path, '--resume');
  assert.ok(failed);
  assert.match(said, /started from weights: say by --init PATH/);
});

test('a run goes on where its data lie now, if they are the same', async () => {
  const { path } = await begun({ data: 'gone' });
  assert.match((await train('--out', path, '--resume')).said, /gone is not a folder/);
  assert.equal((await train('--out', path, '--resume', '--data', data)).failed, false);
  const other = await begun({ data: 'gone', faces: { mine: 3 } });
  const { said, failed } = await train('--out', other.path, '--resume', '--data', data);
  assert.ok(failed);
  assert.match(said, /--data holds other pictures: the run began with mine 3, now there are mine 2/);
});

test('sets that the preset does not name are left out, of the record too, and what is next fits the data', async () => {
  const out = join(await folderOf({}), 'run');
  const [, ...rest] = FACES;
  const mixed = await folderOf({
    'annotations.jsonl': [line({ ...FACES[0], set: 'helen' }), ...rest.map(line)].join('\n'),
    ...Object.fromEntries(FACES.map(({ file }) => [file, null])),
  });
  const tiny = ['--epochs', '1', '--steps', '1', '--batch', '2', '--size', '32', '--network', 'lite'];
  const { said } = await train(
    '--data',
    mixed,
    '--preset',
    'w300',
    '--out',
    out,
    '--format',
    'jsonl',
    ...tiny,
  );
  assert.match(said, /not trained on, as the preset's mix does not name them: mine 1/);
  assert.match(said, /1 pictures to train on, 1 to validate/);
  assert.match(said, new RegExp(`next: npm run export -- --run ${out} --data ${mixed} --format jsonl`));
  assert.deepEqual((await new RunFolder(out).description()).faces, { helen: 1 });
});

test('a run is not made shorter than it is', async () => {
  const folder = await begun();
  const state = stateOf(new Map());
  await folder.epochDone({ epoch: 3 }, { network: 'lite', settings, epoch: 3, state });
  const { said } = await train('--out', folder.path, '--resume', '--epochs', '2');
  assert.match(said, /3 epochs of this run are done: --epochs 3 or more/);
  assert.match(
    (await train('--out', folder.path, '--workers', '1.5', '--overwrite')).said,
    /--workers is a whole/,
  );
});
