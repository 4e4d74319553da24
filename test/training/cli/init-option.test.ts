import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeInit, fitInit } from '../../../training/src/cli/init-option.ts';
import { WFLW98 } from '../../../training/src/datasets/schema.ts';
import { readInitialLayers } from '../../../training/src/trainer/initial.ts';
import { PRESETS } from '../../../training/src/trainer/settings.ts';

const path = new URL('../../../public/models/resnet18', import.meta.url).pathname;

test('a shipped model is a start for the same points, and all but what gives them for others', async () => {
  const given = await readInitialLayers(path);
  const same = fitInit(given, 'resnet18', PRESETS.plain);
  assert.deepEqual(describeInit(same, 'W'), ['28 of 28 layers start from W']);
  const other = fitInit(given, 'resnet18', { ...PRESETS.plain, schema: WFLW98 });
  assert.deepEqual(describeInit(other, 'W'), [
    '26 of 28 layers start from W',
    'drawn afresh, as they are for another number of points there: head.maps, head.difficulty',
  ]);
  assert.match(
    describeInit(fitInit(given, 'resnet18-linear', PRESETS.plain), 'W')[0],
    /^20 of 21.*head\.maps/,
  );
});

test('weights of the other network are refused by layer', async () => {
  const given = await readInitialLayers(path);
  assert.throws(() => fitInit(given, 'lite', PRESETS.plain), /conv1 has 7x7x1x64, the network 5x5x1x24/);
});
