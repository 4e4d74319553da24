import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFaces, readTrainingFaces } from '../../../training/src/cli/export-faces.ts';
import { Progress } from '../../../training/src/cli/progress.ts';
import { DatasetError } from '../../../training/src/datasets/annotations.ts';
import { folderOf, somePoints } from '../readers/support.ts';

/** A folder of faces of the splits of each set, named after both. */
function dataOf(sets: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const files = Object.entries(sets).flatMap(([set, splits]) => {
    const faces = splits.map((split) => ({
      file: `${set}-${split}.png`,
      set,
      split,
      points: somePoints(68),
    }));
    return [
      [`${set}/annotations.jsonl`, faces.map((face) => JSON.stringify(face)).join('\n')],
      ...faces.map(({ file }) => [`${set}/${file}`, null]),
    ] as [string, string | null][];
  });
  return folderOf(Object.fromEntries(files));
}

const names = (samples: readonly { name: string }[]) =>
  samples.map(({ name }) => name.replace('.png', '')).sort();

const read = async (data: string, split: string, sets?: string) =>
  names(await readFaces({ data, split, sets }, new Progress()));

const readTraining = async (data: string, split: string, sets?: string) => {
  const training = await readTrainingFaces({ data, split, sets });
  return training && { all: names(training.all), markedByHand: names(training.markedByHand) };
};

test('measured are the faces of the split: those of 300-W where there are any, or of the sets asked for', async () => {
  const data = await dataOf({ helen: ['train', 'val', 'test'], mine: ['train', 'val', 'test'] });
  assert.deepEqual(await read(data, 'val'), ['helen-val']);
  assert.deepEqual(await read(data, 'test'), ['helen-test']);
  assert.deepEqual(await read(data, 'val', 'mine'), ['mine-val']);
  assert.deepEqual(await read(data, 'val', 'mine,helen'), ['helen-val', 'mine-val']);
  await assert.rejects(read(data, 'val', 'others'), DatasetError);
  assert.deepEqual(await read(await dataOf({ mine: ['train', 'val'] }), 'val'), ['mine-val']);
});

test('a model is fitted to faces of the train split, whichever is measured', async () => {
  const data = await dataOf({ helen: ['train', 'val', 'test'], mine: ['train', 'val', 'test'] });
  for (const split of ['val', 'train', 'test']) {
    const helen = { all: ['helen-train'], markedByHand: ['helen-train'] };
    assert.deepEqual(await readTraining(data, split), helen);
    const mine = { all: ['mine-train'], markedByHand: ['mine-train'] };
    assert.deepEqual(await readTraining(data, split, 'mine'), mine);
    assert.deepEqual(await readTraining(data, split, 'others'), {
      all: ['helen-train', 'mine-train'],
      markedByHand: ['helen-train'],
    });
  }
});

test('hard poses are fitted to as well, but expected errors only to what is marked by hand', async () => {
  const data = await dataOf({ afw: ['train', 'val'], aflw2000: ['train', 'val'], mine: ['train'] });
  assert.deepEqual(await readTraining(data, 'val'), {
    all: ['aflw2000-train', 'afw-train'],
    markedByHand: ['afw-train'],
  });
  const own = await dataOf({ mine: ['train', 'val'] });
  assert.deepEqual(await readTraining(own, 'val'), { all: ['mine-train'], markedByHand: ['mine-train'] });
});

test('without a train split there is nothing to fit to', async () => {
  assert.equal(await readTraining(await dataOf({ helen: ['val'], mine: ['val'] }), 'val'), undefined);
});
