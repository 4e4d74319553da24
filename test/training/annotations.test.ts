import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { RECORDING_HEADER } from '../../sdk/src/recording/json.ts';
import {
  DatasetError,
  readAnnotations,
  readNegatives,
  type Problem,
} from '../../training/src/datasets/annotations.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'annotations-'))));
after(() => rm(folder, { recursive: true }));

const points = Array.from({ length: 68 }, (_, i) => [i, 2]);

async function makeSet(name: string, lines: (object | string)[]): Promise<string> {
  const set = join(folder, name);
  await mkdir(set, { recursive: true });
  await sharp({ create: { width: 80, height: 60, channels: 3, background: '#808080' } })
    .png()
    .toFile(join(set, 'grey.png'));
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  await writeFile(join(set, 'annotations.jsonl'), text);
  return set;
}

test('a valid line gives a grey picture and points at pixel centres', async () => {
  const set = await makeSet('valid', [{ file: 'grey.png', set: 'valid', split: 'val', points }]);
  const { samples, problems } = await readAnnotations(set);
  assert.deepEqual(problems, []);
  assert.equal(samples.length, 1);
  assert.deepEqual([samples[0].image.width, samples[0].image.height, samples[0].image.channels], [80, 60, 1]);
  assert.equal(samples[0].image.data[0], 128);
  assert.deepEqual([...(samples[0].points ?? []).slice(0, 4)], [0.5, 2.5, 1.5, 2.5]);
});

test('grey is the luma of the product, and colour is kept where it is asked for', async () => {
  const set = await makeSet('colour', [{ file: 'red.png', set: 's', split: 'test', points }]);
  await sharp({ create: { width: 80, height: 60, channels: 3, background: '#ff0000' } })
    .png()
    .toFile(join(set, 'red.png'));
  const grey = await readAnnotations(set);
  assert.equal(grey.samples[0].image.data[0], 76);
  const colour = await readAnnotations(set, { colour: true });
  assert.deepEqual([...colour.samples[0].image.data.slice(0, 4)], [255, 0, 0, 255]);
});

test('a null point is NaN, and the jaw of a turned face in the 3D markup is left out', async () => {
  const missing = points.map((point, i) => (i === 30 ? null : point));
  const set = await makeSet('missing', [
    { file: 'grey.png', set: 's', split: 'train', points: missing, markup: 'ibug68-3d', yaw: 40 },
  ]);
  const { samples } = await readAnnotations(set);
  const read = samples[0].points ?? new Float32Array();
  assert.ok(Number.isNaN(read[60]) && Number.isNaN(read[0]) && Number.isNaN(read[33]));
  assert.equal(read[34], 17.5);
});

test('broken lines and pictures are listed with their reason, the rest is read', async () => {
  const set = await makeSet('mixed', [
    { file: 'grey.png', set: 's', split: 'train', points },
    '{ not json',
    { file: 'grey.png', set: 's', split: 'train', points: points.slice(5) },
    { file: 'grey.png', set: 's', split: 'holdout', points },
    { file: 'absent.png', set: 's', split: 'train', points },
    { file: 'grey.png', set: 's', split: 'train', points: points.map(() => null) },
    { file: 'grey.png', set: 's', split: 'train', points: points.map(() => [1]) },
  ]);
  const { samples, problems } = await readAnnotations(set);
  assert.equal(samples.length, 1);
  assert.deepEqual(
    problems.map(({ file }) => file),
    [...[2, 4, 7, 3, 6].map((line) => `annotations.jsonl:${line}`), 'absent.png'],
  );
  assert.match(problems[1].reason, /train, val, test/);
  assert.match(problems[3].reason, /63 points/);
});

test('points of another picture or unit are listed; a face at the border is read', async () => {
  const face = { file: 'grey.png', set: 's', split: 'train' };
  const shift = (x: number) => points.map(([px, y]) => [px + x, y]);
  const set = await makeSet('elsewhere', [
    // 33 of 68 points lie beyond the 80 px of the picture.
    { ...face, points: shift(45) },
    { ...face, points: shift(60) },
    { ...face, points: points.map(([x, y]) => [x / 80, y / 60]) },
    { ...face, points: shift(0), box: [0, 0, 2, 2] },
    { ...face, points: points.map((point, i) => (i < 20 ? null : point)) },
  ]);
  const { samples, problems } = await readAnnotations(set);
  assert.equal(samples.length, 2);
  const byLine = problems.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  assert.deepEqual(byLine, [
    { file: 'annotations.jsonl:2', reason: 'has 48 of 68 points outside of its picture of 80x60 px' },
    { file: 'annotations.jsonl:3', reason: 'spans 0.8 px; points are read as px of the picture' },
    { file: 'annotations.jsonl:4', reason: 'spans 2.0 px; points are read as px of the picture' },
  ]);
});

test('a face whose box reaches far out of its picture is refused, as nobody knows what of it is the face', async () => {
  const face = { file: 'grey.png', set: 's', split: 'train' };
  const astray = points.map((point, i) => (i === 7 ? [-200, -200] : point));
  const set = await makeSet('astray', [
    { ...face, points },
    { ...face, points: astray },
    { ...face, points: astray, box: [0, 0, 70, 50] },
  ]);
  const { samples, problems } = await readAnnotations(set);
  assert.deepEqual(
    samples.map(({ points: read = [] }) => Number.isNaN(read[14])),
    [false, true],
  );
  const byLine = problems.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  assert.equal(byLine.length, 2);
  assert.match(byLine[0].reason, /^reaches further out of its picture of 80x60 px/);
  assert.match(byLine[1].reason, /^1 of its points/);
});

test('a box that reaches out a little is no hindrance, however few points there are', async () => {
  const face = { file: 'grey.png', set: 's', split: 'train', box: [-20, 5, 60, 55] };
  const set = await makeSet('few', [
    { ...face, points: [[30, 30]] },
    { ...face, file: 'b.png', points: [[31, 31]] },
  ]);
  const { samples, problems } = await readAnnotations(set);
  assert.deepEqual(
    problems.map(({ reason }) => reason).filter((reason) => /out of its picture/.test(reason)),
    [],
  );
  assert.ok(samples.length > 0);
});

test('a line of anything else is listed as well', async () => {
  const face = { file: 'grey.png', set: 's', split: 'train', points };
  const odd = [
    { points2d: 7 },
    { points2d: points.map(() => 1) },
    { markup: 3 },
    { yaw: 'left' },
    { box: [1, 2] },
  ];
  const lines = [
    '5',
    'null',
    '"text"',
    '[]',
    ...odd.map((more) => ({ ...face, ...more })),
    { ...face, points2d: null, yaw: null, box: null },
  ];
  const { samples, problems } = await readAnnotations(await makeSet('odd', lines));
  assert.equal(samples.length, 1);
  assert.deepEqual(
    problems.map(({ file }) => file),
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `annotations.jsonl:${line}`),
  );
  assert.match(problems[4].reason, /"points2d" is not a list/);
});

test('a picture without a face that cannot be read is named', async () => {
  const negatives = join(folder, 'negatives');
  await mkdir(negatives);
  await writeFile(join(negatives, 'broken.png'), 'not a picture');
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'grey' } })
    .png()
    .toFile(join(negatives, 'whole.png'));
  const problems: Problem[] = [];
  const read = await readNegatives(negatives, { problems });
  assert.deepEqual(
    read.map(({ name }) => name),
    ['whole.png'],
  );
  assert.deepEqual(
    problems.map(({ file }) => file),
    [join('negatives', 'broken.png')],
  );
  await assert.rejects(readNegatives(negatives), /broken\.png/);
});

test('what `annotate` wrote is told from annotations', async () => {
  const set = await makeSet('found', [RECORDING_HEADER, { time: 0, faces: [] }]);
  await assert.rejects(readAnnotations(set), /begins a recording.*points that were found, not marked/);
});

test('a folder without annotations says what it should hold', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await assert.rejects(
    readAnnotations(empty),
    (error) => error instanceof DatasetError && /annotations\.jsonl/.test(error.message),
  );
  await assert.rejects(readAnnotations(join(folder, 'nowhere')), DatasetError);
});
