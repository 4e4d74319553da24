import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taughtBy } from '../../../training/src/cli/teacher-option.ts';
import { IBUG68, IMM58 } from '../../../training/src/datasets/schema.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { noiseFaces, TINY_SETTINGS } from '../support.ts';

const TEACHER = new URL('../../../public/models/resnet18', import.meta.url).pathname;
const silent = { show: () => {} };

function data() {
  const held = noiseFaces(2, 'val');
  const about = { heldSplit: 'val' as const, negatives: [], schema: IBUG68, unit: 'u' };
  return { train: noiseFaces(2), held, ...about };
}

test('a teacher corrects what is trained on, never what is measured on', async () => {
  const settings = { ...TINY_SETTINGS, corrections: { noise: { share: 1 } } };
  const given = data();
  const taught = await taughtBy(await startWasm(), TEACHER, given, settings, silent);
  assert.equal(taught.held, given.held);
  assert.deepEqual(taught.held, noiseFaces(2, 'val'), 'faces of a set that is corrected in training');
  taught.train.forEach(({ points }, i) => assert.notDeepEqual(points, given.train[i].points));
});

test('a teacher without corrections, or of other points, is refused', async () => {
  const engine = await startWasm();
  const corrections = { noise: { share: 1 } };
  for (const settings of [TINY_SETTINGS, { ...TINY_SETTINGS, corrections, schema: IMM58 }])
    await assert.rejects(taughtBy(engine, TEACHER, data(), settings, silent), /w300, lite/);
});
