import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { Progress } from '../../../training/src/cli/progress.ts';
import { readTrainingData, type DataChoice } from '../../../training/src/cli/training-data.ts';
import { isHeldOut } from '../../../training/src/evaluation/presence.ts';
import { folderOf, somePoints } from '../readers/support.ts';

const NEGATIVES = Array.from({ length: 12 }, (_, i) => `nobody-${i}.png`);

/** Two faces to train on, one to validate, and pictures without a face. */
async function read(choice: Partial<DataChoice> = {}) {
  const faces = ['train', 'train', 'val'].map((split, i) => ({
    file: `${i}.png`,
    set: 'mine',
    split,
    points: somePoints(68),
  }));
  const data = await folderOf({
    'annotations.jsonl': faces.map((face) => JSON.stringify(face)).join('\n'),
    ...Object.fromEntries(faces.map(({ file }) => [file, null])),
    ...Object.fromEntries(NEGATIVES.map((name) => [`negatives/${name}`, null])),
    'negatives/broken.png': 'not a picture',
  });
  return readTrainingData({ data, seed: 1, network: 'resnet18', ...choice }, new Progress());
}

test('training does not see the pictures without a face that are held out, and all others', async () => {
  const { train, held, negatives } = await read();
  const names = (samples: readonly { name: string }[]) => samples.map(({ name }) => name).sort();
  const seen = train.filter(({ points }) => !points);
  assert.deepEqual(names(negatives), NEGATIVES.filter(isHeldOut).sort());
  assert.deepEqual(names(seen), NEGATIVES.filter((name) => !isHeldOut(name)).sort());
  assert.ok(negatives.length > 0 && seen.length > 0);
  assert.equal(train.length, 2 + seen.length);
  assert.equal(held.length, 1);
});

test('a report reads a few faces to show, and what it measures on', async () => {
  const { train, held, negatives } = await read({ trainLimit: 1 });
  assert.equal(train.length, 1);
  assert.equal(held.length, 1);
  assert.equal(negatives.length, NEGATIVES.filter(isHeldOut).length);
});

test('large pictures are cut to what is looked at, unless it is whole pictures', async () => {
  const faces = ['train', 'val'].map((split) => ({
    file: `${split}.png`,
    set: 'mine',
    split,
    points: somePoints(68),
  }));
  const data = await folderOf({ 'annotations.jsonl': faces.map((face) => JSON.stringify(face)).join('\n') });
  const large = sharp({ create: { width: 900, height: 700, channels: 3, background: 'grey' } });
  for (const { file } of faces) await large.clone().png().toFile(join(data, file));
  const { train, held } = await readTrainingData({ data, seed: 1, network: 'resnet18' }, new Progress());
  assert.ok(train[0].image.width < 200 && train[0].image.height < 200);
  // A face of 40 by 28 px: 7.25 times that, less what is beyond the picture's edge, unshrunk.
  assert.deepEqual([held[0].image.width, held[0].image.height], [176, 168]);
  const { train: whole, held: wholeHeld } = await readTrainingData(
    { data, seed: 1, network: 'face58' },
    new Progress(),
  );
  for (const { image } of [whole[0], wholeHeld[0]])
    assert.equal(image.width, 900, 'a network of whole pictures sees them whole');
});
