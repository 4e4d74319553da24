import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { firstPoint, folderOf, somePoints } from './support.ts';

const coordinates = somePoints(98).flat().join(' ');
const line = (name: string) => `${coordinates} 1 2 60 50 0 0 1 0 0 0 ${name}`;

test('both lists are read, with attributes or without; 98 points make the schema', async () => {
  const root = await folderOf({
    'WFLW_annotations/list_98pt_rect_attr_train_test/list_98pt_rect_attr_train.txt': line('0--Parade/a.jpg'),
    'WFLW_annotations/list_98pt_rect_attr_train_test/list_98pt_rect_attr_test.txt': line('b.jpg'),
    'WFLW_annotations/list_98pt_test/list_98pt_test.txt': `${coordinates} b.jpg`,
    'WFLW_annotations/list_98pt_test/list_98pt_test_blur.txt': `${coordinates} b.jpg`,
    'WFLW_images/0--Parade/a.jpg': null,
    'WFLW_images/b.jpg': null,
  });
  const { samples, problems, schema } = await readAnnotations(root);
  assert.deepEqual(problems, []);
  assert.equal(schema.name, 'wflw98');
  assert.deepEqual(
    samples.map(({ name, split }) => [name, split === 'test']),
    [
      ['0--Parade/a.jpg', false],
      ['b.jpg', true],
    ],
  );
  assert.deepEqual(firstPoint(samples[0].points), { x: 10.5, y: 8.5, count: 98 });
});

test('broken lines are listed, the rest is read', async () => {
  const root = await folderOf({
    'list_98pt_test.txt': [
      `${coordinates} a.png`,
      `${coordinates} 5 b.png`,
      `x${coordinates} c.png`,
      `${coordinates} absent.png`,
    ].join('\n'),
    'a.png': null,
  });
  const { samples, problems } = await readAnnotations(root);
  assert.equal(samples.length, 1);
  assert.deepEqual(
    problems.map(({ reason }) => /not 196 or 206|not a number|missing/i.exec(reason)?.[0]),
    ['not 196 or 206', 'not a number', 'missing'],
  );
});
