import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { formatNamed } from '../../../training/src/datasets/readers/formats.ts';
import { folderOf, somePoints } from './support.ts';

const points = somePoints(68);
const line = (value: object) => JSON.stringify({ file: 'a.png', set: 's', split: 'train', ...value });
const pts = `version: 1\nn_points: 68\n{\n${points.map(([x, y]) => `${x} ${y}`).join('\n')}\n}`;
const table = `,0,1\na.png,${points.flat().join(',')}`;

test('a mixed folder: our own format goes first, and --format reads another', async () => {
  const root = await folderOf({ 'annotations.jsonl': line({ points }), 'a.png': null, 'a.pts': pts });
  const own = await readAnnotations(root);
  assert.deepEqual([own.samples[0].set, own.problems.length], ['s', 0]);
  const other = await readAnnotations(root, { format: 'pts' });
  assert.deepEqual([...(other.samples[0].points ?? []).slice(0, 2)], [9.5, 7.5]);
});

test('of two foreign formats one is read, and the other is said to be there', async () => {
  const root = await folderOf({ 'training_frames_keypoints.csv': table, 'a.png': null, 'a.pts': pts });
  const { samples, problems } = await readAnnotations(root);
  assert.equal(samples.length, 1);
  assert.match(problems[0].reason, /--format pts/);
});

test('a folder of something else is told what it could hold', async () => {
  const root = await folderOf({ 'readme.txt': 'hello' });
  await assert.rejects(
    readAnnotations(root),
    (error) => error instanceof DatasetError && /annotations\.jsonl[^]*\.pts[^]*/.test(error.message),
  );
  assert.throws(() => formatNamed('yaml'), /jsonl, wflw, xml, csv, asf, pts/);
});

test('an unknown number of points is read, not mirrored, and measured by the box', async () => {
  const root = await folderOf({ 'annotations.jsonl': line({ points: points.slice(0, 21) }), 'a.png': null });
  const { schema } = await readAnnotations(root);
  assert.deepEqual(schema, { name: 'points21', count: 21, regions: {} });
});

test('schema.json says what unknown points mean', async () => {
  const stated = {
    name: 'mine',
    count: 6,
    mirror: [[0, 1]],
    unit: [0, 1],
    regions: { eyes: [0, 1] },
    nose: 2,
  };
  const root = await folderOf({
    'annotations.jsonl': line({ points: points.slice(0, 6) }),
    'a.png': null,
    'schema.json': JSON.stringify(stated),
  });
  const { schema } = await readAnnotations(root);
  assert.deepEqual(schema, { ...stated, mirror: [1, 0, 2, 3, 4, 5] });
  const broken = await folderOf({
    'annotations.jsonl': line({ points: points.slice(0, 6) }),
    'a.png': null,
    'schema.json': JSON.stringify({ ...stated, unit: [0, 6] }),
  });
  await assert.rejects(readAnnotations(broken), /not one of 0 to 5/);
});
