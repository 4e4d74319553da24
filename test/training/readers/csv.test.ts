import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { firstPoint, folderOf, somePoints } from './support.ts';

const HEADING = `,${Array.from({ length: 136 }, (_, i) => i).join(',')}`;
const row = (name: string, count = 68) => `${name},${somePoints(count).flat().join(',')}`;

test('a table of frames is read, pictures beside it or in training/ and test/; its first pixel is 0', async () => {
  const root = await folderOf({
    'training_frames_keypoints.csv': [HEADING, row('Some_One_10.jpg'), ''].join('\n'),
    'test_frames_keypoints.csv': [HEADING, row('Else_21.jpg')].join('\r\n'),
    'training/Some_One_10.jpg': null,
    'Else_21.jpg': null,
  });
  const { samples, problems } = await readAnnotations(root);
  assert.deepEqual(problems, []);
  assert.deepEqual(firstPoint(samples[0].points), { x: 10.5, y: 8.5, count: 68 });
  assert.deepEqual(
    samples.map(({ name, split }) => [name, split === 'test']),
    [
      ['Else_21.jpg', true],
      ['Some_One_10.jpg', false],
    ],
  );
});

test('a person’s frames are all trained on, or all set aside', async () => {
  const people = Array.from(
    { length: 30 },
    (_, i) => `Person${'abcdefghij'[i % 10]}${'xyz'[Math.floor(i / 10)]}`,
  );
  const names = people.flatMap((person) => [`${person}_1.jpg`, `${person}_25.jpg`]);
  const root = await folderOf({
    'training_frames_keypoints.csv': [HEADING, ...names.map((name) => row(name))].join('\n'),
    ...Object.fromEntries(names.map((name) => [name, null])),
  });
  const { samples } = await readAnnotations(root);
  const splits = new Map<string, Set<string>>();
  for (const { name, split } of samples) {
    const person = name.replace(/_\d+\.jpg$/, '');
    splits.set(person, (splits.get(person) ?? new Set()).add(split));
  }
  assert.ok([...splits.values()].every((found) => found.size === 1));
  const aside = samples.filter(({ split }) => split === 'val').length;
  assert.ok(aside > 0 && aside < samples.length / 3, `${aside} of ${samples.length} set aside`);
});

test('broken rows are listed by line', async () => {
  const root = await folderOf({
    'training_frames_keypoints.csv': [
      HEADING,
      row('a.png'),
      row('b.png'),
      `${row('odd.png')},7`,
      row('word.png').replace(',10,', ',ten,'),
      row('gap.png').replace(',10,', ',,'),
      row(''),
      row('few.png', 10),
      row('absent.png'),
    ].join('\n'),
    'a.png': null,
    'b.png': null,
  });
  const { samples, problems } = await readAnnotations(root);
  assert.equal(samples.length, 2);
  const lines = problems.map(({ file }) => file.replace(/^.*csv:/, ''));
  assert.deepEqual(lines, ['4', '5', '6', '7', '8', 'absent.png']);
  assert.match(problems[1].reason, /"ten"/);
});
