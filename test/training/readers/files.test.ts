import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { keyOf, personOf } from '../../../training/src/datasets/readers/files.ts';
import { folderOf, somePoints } from './support.ts';

const NAMES = Array.from({ length: 40 }, (_, i) => `29650350${i}_1`);
const pts = `version: 1\nn_points: 68\n{\n${somePoints(68)
  .map(([x, y]) => `${x} ${y}`)
  .join('\n')}\n}\n`;

/** The split of each picture by its name without folders. */
async function splitsOf(root: string): Promise<Record<string, string>> {
  const { samples } = await readAnnotations(root);
  return Object.fromEntries(samples.map(({ name, split }) => [basename(name), split]));
}

test('a face validates or not wherever the folder that is read begins', async () => {
  const root = await folderOf(
    Object.fromEntries(
      NAMES.flatMap((name) => [
        [`helen/trainset/${name}.png`, null],
        [`helen/trainset/${name}.pts`, pts],
      ]),
    ),
  );
  const whole = await splitsOf(root);
  assert.deepEqual([...new Set(Object.values(whole))].sort(), ['train', 'val']);
  assert.deepEqual(await splitsOf(join(root, 'helen')), whole);
  assert.deepEqual(await splitsOf(join(root, 'helen/trainset')), whole);
});

test('a picture and its flipped twin are both trained on, or both set aside', async () => {
  const parts = somePoints(68).map(([x, y], i) => `<part name='${i}' x='${x}' y='${y}'/>`);
  const files = NAMES.flatMap((name) => [`helen/trainset/${name}.png`, `helen/trainset/${name}_mirror.png`]);
  const images = files.map((file) => `<image file='${file}'><box>${parts.join('')}</box></image>`);
  const root = await folderOf({
    'labels_ibug_300W_train.xml': `<dataset>${images.join('')}</dataset>`,
    ...Object.fromEntries(files.map((file) => [file, null])),
  });
  const { samples } = await readAnnotations(root);
  const aside = samples.filter(({ split }) => split === 'val').map(({ name }) => name);
  assert.ok(aside.length > 0 && aside.length < samples.length / 2);
  for (const name of aside.filter((name) => !name.includes('_mirror')))
    assert.ok(aside.includes(name.replace('.png', '_mirror.png')), name);
  assert.equal(aside.length % 2, 0);
});

test('where each person has a folder with the same names in it, about one picture in ten validates', async () => {
  const people = Array.from({ length: 20 }, (_, i) => `person-${i}`);
  const names = ['1', '2', '3', '4', '5', '6'];
  const files = people.flatMap((person) => names.map((name) => `${person}/${name}`));
  const root = await folderOf(
    Object.fromEntries(
      files.flatMap((file) => [
        [`${file}.png`, null],
        [`${file}.pts`, pts],
      ]),
    ),
  );
  const { samples } = await readAnnotations(root);
  const aside = samples.filter(({ split }) => split === 'val').length;
  assert.equal(samples.length, 120);
  assert.ok(aside > 4 && aside < 24, `${aside}`);
});

test('folders may be links', async () => {
  const set = await folderOf({ 'a.png': null, 'a.pts': pts });
  const root = await folderOf({});
  await symlink(set, join(root, 'linked'), 'junction');
  await symlink(root, join(root, 'circle'), 'junction');
  await symlink(join(root, 'gone'), join(root, 'broken'), 'junction');
  const { samples } = await readAnnotations(root);
  assert.deepEqual(
    samples.map(({ name }) => name),
    [join('linked', 'a.png')],
  );
});

test('keys do not depend on the system that wrote the path', () => {
  assert.equal(keyOf('helen\\trainset\\a_1_mirror.jpg'), keyOf('/data/trainset/a_1.jpg'));
  assert.notEqual(keyOf('anna/1.jpg'), keyOf('ben/1.jpg'));
  assert.equal(keyOf('a/mirror.png'), 'a/mirror');
  assert.equal(personOf('frames/Some_One_10.jpg'), 'Some_One');
  assert.equal(personOf('12.jpg'), '12');
});
