import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { regionOfPoints } from '../../../sdk/src/crop/region.ts';
import { faceRegion } from '../../../training/src/augmentation/augment.ts';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { folderOf, somePoints } from './support.ts';

type Point = readonly [x: number, y: number];
const UNKNOWN = [0, 1, 2, 3, 4, 5, 6, 7];

/** A face of 400 by 280 px, far from the picture's corners. */
const face: readonly Point[] = somePoints(68).map(([x, y]) => [500 + 10 * x, 400 + 10 * y]);

const with8 = (place: (point: Point) => Point) =>
  face.map((point, i) => (UNKNOWN.includes(i) ? place(point) : point));

/** A file of each format that cannot leave out a point, and what it adds to a coordinate. */
const FORMATS: Record<string, (points: readonly Point[]) => { name: string; text: string; shift: number }> = {
  pts: (points) => ({
    name: 'a.pts',
    text: `version: 1\nn_points: 68\n{\n${points.map(([x, y]) => `${x} ${y}`).join('\n')}\n}\n`,
    shift: -0.5,
  }),
  csv: (points) => ({
    name: 'training_keypoints.csv',
    text: `,${points.flat().map((_, i) => i)}\na.png,${points.flat()}`,
    shift: 0.5,
  }),
  dlib: (points) => ({
    name: 'labels_train.xml',
    text: `<dataset><images><image file='a.png'><box>${points
      .map(([x, y], i) => `<part name='${i}' x='${x}' y='${y}'/>`)
      .join('')}</box></image></images></dataset>`,
    shift: 0.5,
  }),
};

async function read(format: string, points: readonly Point[]) {
  const { name, text, shift } = FORMATS[format](points);
  const root = await folderOf({ [name]: text });
  const grey = sharp({ create: { width: 1000, height: 1000, channels: 3, background: 'grey' } });
  await writeFile(join(root, 'a.png'), await grey.png().toBuffer());
  const { samples, problems } = await readAnnotations(root);
  const known = face.filter((_, i) => !UNKNOWN.includes(i)).flat();
  const expected = regionOfPoints(
    known.map((value) => value + shift),
    1.3,
  );
  return { sample: samples[0], problems, expected };
}

/** Indices of the points that are not known. */
const blanks = (points: ArrayLike<number> = []) =>
  Array.from({ length: points.length / 2 }, (_, i) => i).filter((i) => Number.isNaN(points[2 * i]));

for (const format of Object.keys(FORMATS)) {
  test(`${format}: points at (-1, -1) are unknown, and the crop is the face's`, async () => {
    const { sample, problems, expected } = await read(
      format,
      with8(() => [-1, -1]),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(blanks(sample.points), UNKNOWN);
    assert.deepEqual(faceRegion(sample, 1.3), expected);
  });

  test(`${format}: points far outside of the picture are left out and listed`, async () => {
    const { sample, problems, expected } = await read(
      format,
      with8(([x, y]) => [-x, -y]),
    );
    assert.match(problems[0].reason, /^8 of its points lie further out of the picture than half a face/);
    assert.equal(problems.length, 1);
    assert.deepEqual(blanks(sample.points), UNKNOWN);
    assert.deepEqual(faceRegion(sample, 1.3), expected);
  });
}

test('a face may reach a little over the corner, its points there are known', async () => {
  const moved = face.map(([x, y]): Point => [x - 700, y - 500]);
  assert.ok(moved.some(([x, y]) => x < -50 && y < -10));
  const { sample, problems } = await read('csv', moved);
  assert.deepEqual(problems, []);
  assert.deepEqual(blanks(sample.points), []);
});

test('with one coordinate at -1 a point is known', async () => {
  const { sample } = await read(
    'csv',
    face.map(([x, y], i) => (i === 5 ? [-1, y] : [x, y])),
  );
  assert.deepEqual(blanks(sample.points), []);
});
