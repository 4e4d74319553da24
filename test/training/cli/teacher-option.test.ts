import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taughtBy } from '../../../training/src/cli/teacher-option.ts';
import { IBUG68, IMM58 } from '../../../training/src/datasets/schema.ts';
import { makeSyntheticFaces } from '../../../training/src/datasets/synthetic.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { noiseFaces, TINY_SETTINGS } from '../support.ts';

const TEACHER = new URL('../../../public/models/resnet18', import.meta.url).pathname;
const said: string[] = [];
const progress = { show: () => {}, line: (text: string) => void said.push(text) };

function data() {
  const held = noiseFaces(2, 'val');
  const about = { heldSplit: 'val' as const, negatives: [], schema: IBUG68, unit: 'u' };
  return { train: [...makeSyntheticFaces(1, 1), ...noiseFaces(1)], held, ...about };
}

test('a teacher corrects what is trained on, never what is measured on, and says how much', async () => {
  const settings = { ...TINY_SETTINGS, corrections: { noise: { share: 1 }, synthetic: { share: 1 } } };
  const given = data();
  const taught = await taughtBy(await startWasm(), TEACHER, given, settings, progress);
  assert.equal(taught.held, given.held);
  assert.deepEqual(taught.held, noiseFaces(2, 'val'), 'faces of a set that is corrected in training');
  assert.notDeepEqual(taught.train[0].points, given.train[0].points);
  assert.equal(taught.train[1], given.train[1], 'it sees no face in noise');
  assert.deepEqual(said.sort(), [
    'noise: 0 labels corrected by the teacher, 1 kept, of which it is not sure',
    'synthetic: 1 labels corrected by the teacher',
  ]);
});

test('a teacher without corrections, or of other points, is refused', async () => {
  const engine = await startWasm();
  const corrections = { noise: { share: 1 } };
  for (const settings of [TINY_SETTINGS, { ...TINY_SETTINGS, corrections, schema: IMM58 }])
    await assert.rejects(taughtBy(engine, TEACHER, data(), settings, progress), /w300, lite/);
});
