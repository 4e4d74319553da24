import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { firstPoint, folderOf, somePoints } from './support.ts';

function ptsOf(points: readonly (readonly [number, number])[], count = points.length): string {
  return `version: 1\nn_points:  ${count}\n{\n${points.map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join('\n')}\n}\n`;
}

const face = ptsOf(somePoints(68));

test('a .pts file beside its picture is read; its first pixel is 1', async () => {
  const root = await folderOf({ 'helen/trainset/a.png': null, 'helen/trainset/a.pts': face });
  const { samples, problems, schema } = await readAnnotations(root);
  assert.deepEqual(problems, []);
  assert.equal(schema.name, 'ibug68');
  assert.deepEqual(firstPoint(samples[0].points), { x: 9.5, y: 7.5, count: 68 });
  assert.equal(samples[0].set, 'helen');
});

test('the folders of 300-W say what is for the test', async () => {
  const root = await folderOf(
    Object.fromEntries(
      ['afw/a', 'helen/trainset/b', 'helen/testset/c', 'ibug/d', 'lfpw/testset/e'].flatMap((path) => [
        [`${path}.jpg`, null],
        [`${path}.pts`, face],
      ]),
    ),
  );
  const { samples } = await readAnnotations(root);
  const test = samples.filter(({ split }) => split === 'test').map(({ name }) => name);
  assert.deepEqual(test, ['helen/testset/c.jpg', 'ibug/d.jpg', 'lfpw/testset/e.jpg']);
});

test('folders say the split in whole words', async () => {
  const folders = ['Valerie', 'testament', 'val', 'valid', 'test-2', 'training'];
  const root = await folderOf(
    Object.fromEntries(
      folders.flatMap((name) => [
        [`${name}/b.jpg`, null],
        [`${name}/b.pts`, face],
      ]),
    ),
  );
  const { samples } = await readAnnotations(root);
  const own = samples.filter(({ name }) => name.startsWith('training'))[0].split;
  assert.deepEqual(Object.fromEntries(samples.map(({ name, split }) => [dirname(name), split])), {
    Valerie: own,
    testament: own,
    val: 'val',
    valid: 'val',
    'test-2': 'test',
    training: own,
  });
  assert.equal(own, 'train', 'b is one of those to train on');
  assert.ok(['Valerie', 'testament'].every((set) => samples.some((sample) => sample.set === set)));
});

test('broken files are listed, each with its reason, and the rest is read', async () => {
  const root = await folderOf({
    'good.png': null,
    'good.pts': face,
    'also.png': null,
    'also.pts': face,
    'alone.pts': face,
    'count.png': null,
    'count.pts': ptsOf(somePoints(60), 68),
    'words.png': null,
    'words.pts': face.replace('10.000', 'ten'),
    'other.png': null,
    'other.pts': 'hello',
    'few.png': null,
    'few.pts': ptsOf(somePoints(5)),
    'picture.png': 'not a picture',
    'picture.pts': face,
  });
  const { samples, problems } = await readAnnotations(root);
  assert.equal(samples.length, 2);
  const reasons = Object.fromEntries(problems.map(({ file, reason }) => [file, reason]));
  assert.match(reasons['alone.pts'], /no picture/);
  assert.match(reasons['count.pts'], /^Line 64 .*point 61 of 68/);
  assert.match(reasons['words.pts'], /^Line 4 .*"ten"/);
  assert.match(reasons['other.pts'], /^Line 1 of the \.pts file: "version: 1"/);
  assert.match(reasons['few.pts'], /has 5 points; the set has 68/);
  assert.ok(reasons['picture.png']);
  assert.equal(problems.length, 6);
});
