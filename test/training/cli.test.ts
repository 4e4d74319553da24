import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { stateOf } from '../../training/src/trainer/model-state.ts';
import { RunFolder } from '../../training/src/trainer/run-folder.ts';
import { COURSE_SETTINGS, PRESETS } from '../../training/src/trainer/settings.ts';
import { folderOf, somePoints } from './readers/support.ts';

const root = new URL('../../', import.meta.url);

function run(command: string, ...args: string[]): Promise<{ stdout: string }> {
  const file = `training/src/cli/${command}.ts`;
  return promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root });
}

/** What the command says when it refuses. */
async function refusal(command: string, ...args: string[]): Promise<string> {
  const error = await run(command, ...args).then(
    () => assert.fail('it should have refused'),
    (error: { stderr: string }) => error,
  );
  return error.stderr;
}

test('export refuses what makes no sense, and says what would', async () => {
  const said = await Promise.all([
    refusal('export', '--run', 'x', '--data', 'y', '--budget', 'small'),
    refusal('export', '--run', 'x', '--data', 'y', '--loss', '0.1', '--budget', '4MB'),
    refusal('export', '--run', 'x', '--loss', '0.1'),
    refusal('export', '--run', 'x', '--data', 'y', '--loss', '0.1', '--split', 'test'),
    refusal('export', '--model', 'public/models/resnet18'),
  ]);
  assert.match(said[0], /size such as 4\.2MB, not "small"/);
  assert.match(said[1], /either --budget or --loss/);
  assert.match(said[2], /give --data DIR/);
  assert.match(said[3], /nothing is chosen on the test split/);
  assert.match(said[4], /needs an --out DIR/);
});

test('evaluate names the slices, plot the command that measures', async () => {
  assert.match(
    await refusal('evaluate', '--data', 'x', '--split', 'val', '--slice', 'bad'),
    /Should be one of: all, hard, easy/,
  );
  assert.match(await refusal('plot', 'nowhere'), /npm run export/);
});

/** A run of `nose`, as far as the commands look before they refuse, and a face with five points. */
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'options-'));
  const schema = { name: 'nose', count: 1, regions: {} };
  const settings = { ...COURSE_SETTINGS.nose, schema };
  const run = new RunFolder(join(folder, 'nose'));
  const started = '2026-01-01T00:00:00Z';
  await run.start({ command: [], network: 'nose', settings, engine: 'none', faces: {}, started }, false);
  await run.epochDone({ epoch: 1 }, { network: 'nose', settings, epoch: 1, state: stateOf(new Map()) });
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'grey' } })
    .png()
    .toFile(join(folder, 'face.png'));
  const points = [1, 2, 3, 4, 5].map((x) => [x, x]);
  await writeFile(
    join(folder, 'annotations.jsonl'),
    JSON.stringify({ file: 'face.png', set: 'five', split: 'val', points }),
  );
});
after(() => rm(folder, { recursive: true }));

test('a network that the page cannot run is not exported, nor measured on points that it does not give', async () => {
  const run = join(folder, 'nose');
  const measured = ['--data', folder, '--split', 'val', '--engine', 'wasm'];
  const said = await Promise.all([
    refusal('export', '--run', run),
    refusal('evaluate', ...measured),
    refusal('evaluate', ...measured, '--run', run),
    refusal('evaluate', ...measured, '--run', join(folder, 'none')),
    refusal('evaluate', ...measured, '--slice', 'hard'),
    refusal('export', '--model', 'public/models/resnet18', '--data', folder, '--out', join(folder, 'out')),
  ]);
  assert.match(said[0], /nose gives points alone.*It runs: resnet18/);
  assert.match(said[1], /gives 68 points \(ibug68\), the faces have 5/);
  assert.match(said[2], /do not say which is the nose/);
  assert.match(said[3], /holds no last\.checkpoint/);
  assert.match(said[4], /head pose/);
  assert.match(said[5], /have 5 points/);
});

test('evaluate looks at the mirror image as well where that is asked', async () => {
  const face = { file: 'a.png', set: 'mine', split: 'test', points: somePoints(68) };
  const data = await folderOf({ 'annotations.jsonl': JSON.stringify(face), 'a.png': null });
  const shared = ['--data', data, '--split', 'test', '--model', 'public/models/lite', '--engine', 'wasm'];
  const [plain, mirrored] = await Promise.all(
    [[], ['--mirror']].map(async (more) => {
      const { stdout } = await run('evaluate', ...shared, '--json', ...more);
      return JSON.parse(stdout) as { mirror: boolean; points: { all: { nme: number } } };
    }),
  );
  assert.deepEqual([plain.mirror, mirrored.mirror], [false, true]);
  assert.ok(mirrored.points.all.nme > 0);
  assert.notEqual(mirrored.points.all.nme, plain.points.all.nme);
});

test('train refuses a teacher that it cannot use before it reads pictures', async () => {
  const teacher = ['--teacher', 'public/models/resnet18'];
  const settings = { ...PRESETS.lite, epochs: 2 };
  const out = join(folder, 'taught');
  const run = new RunFolder(out);
  const about = { command: [], network: 'lite', settings, engine: 'none', faces: {}, data: 'nowhere' };
  const teacherOrigin = { data: [], terms: '', sha256: '00' };
  await run.start({ ...about, teacher: teacher[1], teacherOrigin, started: '2026-01-01T00:00:00Z' }, false);
  await run.epochDone({ epoch: 1 }, { network: 'lite', settings, epoch: 1, state: stateOf(new Map()) });
  const said = await Promise.all([
    refusal('train', '--data', 'nowhere', '--network', 'lite', '--out', join(folder, 'new'), ...teacher),
    refusal('train', '--out', out, '--resume'),
  ]);
  assert.match(said[0], /give --preset lite/);
  assert.match(
    said[1],
    /resnet18 is not the teacher that this run was started with.*give that one by --teacher/,
  );
});
