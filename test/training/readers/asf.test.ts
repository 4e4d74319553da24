import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { firstPoint, folderOf } from './support.ts';

/** @param columns 7, or 10 as some files have */
function asfOf(picture: string, { columns = 7, lines = 58 } = {}): string {
  const points = Array.from({ length: lines }, (_, i) => {
    const x = 0.25 + (i % 8) * 0.05;
    const extra = columns === 10 ? '\t0.000000\t0.000000\t0.000000' : '';
    return `0 \t4 \t${x.toFixed(8)} \t0.50000000 \t${i} \t0 \t1${extra}`;
  });
  return `#####\n#\n# AAM Shape File\n#\n\n#\n# number of model points\n#\n58\n\n${points.join('\n')}\n\n#\n# host image\n#\n${picture}\n\n`;
}

test('both layouts are read, as shares of the picture’s sides', async () => {
  const root = await folderOf({
    '01-1m.asf': asfOf('01-1m.jpg'),
    '01-1m.jpg': null,
    '33-2f.asf': asfOf('33-2f.jpg', { columns: 10 }),
    '33-2f.jpg': null,
  });
  const { samples, problems, schema } = await readAnnotations(root);
  assert.deepEqual(problems, []);
  assert.equal(schema.name, 'imm58');
  for (const { points } of samples) assert.deepEqual(firstPoint(points), { x: 20, y: 30, count: 58 });
  assert.deepEqual(
    samples.map(({ split }) => split),
    ['train', 'test'],
  );
});

test('broken files are listed, the rest is read', async () => {
  const root = await folderOf({
    '01-1m.asf': asfOf('01-1m.jpg'),
    '01-1m.jpg': null,
    '01-2m.asf': asfOf('01-2m.jpg', { lines: 50 }),
    '01-3m.asf': asfOf('01-3m.jpg', { columns: 7 }).replace('\t0.25000000', '\t1.25000000'),
    '01-4m.asf': asfOf('01-4m.jpg').replace(' \t0 \t1', ' \t0'),
    '01-5m.asf': 'hello',
    '01-6m.asf': asfOf('absent.jpg'),
  });
  const { samples, problems } = await readAnnotations(root);
  assert.equal(samples.length, 1);
  assert.deepEqual(
    problems.map(({ file }) => file),
    ['01-2m.asf', '01-3m.asf', '01-4m.asf', '01-5m.asf', 'absent.jpg'],
  );
});

const imm = join(import.meta.dirname, '../../../../shared/data/imm');
test('the IMM Face Database: 192 and 48 faces, no problem', async (t) => {
  if (!existsSync(imm)) return t.skip('needs ../shared/data/imm');
  const { samples, problems } = await readAnnotations(imm, { format: 'asf' });
  assert.deepEqual(problems, []);
  assert.equal(samples.filter(({ split }) => split === 'train').length, 192);
  assert.equal(samples.filter(({ split }) => split === 'test').length, 48);
});
