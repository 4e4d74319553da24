import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSizes, fitToData, newSettings } from '../../../training/src/cli/train-settings.ts';
import { IBUG68 } from '../../../training/src/datasets/schema.ts';
import { COURSE_SETTINGS, PRESETS } from '../../../training/src/trainer/settings.ts';
import { noiseFaces } from '../support.ts';

test('lite learns any faces at its own rate and length, without the sets and teacher of its preset', () => {
  const { rate, epochs, averaging, phases, corrections } = newSettings('lite', true, {});
  assert.deepEqual([rate, epochs, averaging], [1.5e-3, 200, 0.998]);
  assert.deepEqual(phases, PRESETS.plain.phases);
  assert.equal(corrections, undefined);
  const quick = newSettings('lite', false, {});
  assert.deepEqual([quick.rate, quick.epochs, quick.size], [1.5e-3, PRESETS.quick.epochs, 64]);
});

test('what is asked for goes before what lite would take', () => {
  assert.equal(newSettings('lite', true, { rate: '1e-4', epochs: '7' }).rate, 1e-4);
  assert.equal(newSettings('lite', true, { rate: '1e-4', epochs: '7' }).epochs, 7);
  assert.equal(newSettings('lite', true, { preset: 'plain' }).rate, PRESETS.plain.rate);
  assert.ok(newSettings('lite', true, { preset: 'lite' }).corrections);
  assert.equal(newSettings('lite', true, { init: 'model' }).rate, PRESETS.plain.rate, 'weights are refined');
});

test('resnet18 takes the presets as they are', () => {
  assert.equal(newSettings('resnet18', true, {}).rate, PRESETS.plain.rate);
  assert.equal(newSettings('resnet18', false, {}).rate, PRESETS.quick.rate);
  assert.throws(() => newSettings('resnet18', true, { preset: 'best' }), /quick, plain, w300, lite/);
});

test('counts are whole numbers, seeds from zero, and sizes what the network can halve', () => {
  for (const option of ['epochs', 'steps', 'batch', 'size'] as const)
    for (const text of ['2.5', '0', '-1', '', 'many'])
      assert.throws(
        () => newSettings('resnet18', true, { [option]: text }),
        new RegExp(`--${option} is a whole number from 1 on, not "${text}"`),
      );
  assert.throws(() => newSettings('resnet18', true, { seed: '-1' }), /--seed is a whole number from 0 on/);
  assert.throws(() => newSettings('face58', true, { width: '0.5' }), /--width is a whole number/);
  assert.throws(() => newSettings('resnet18', true, { rate: 'Infinity' }), /--rate should be a number above/);
  assert.equal(newSettings('resnet18', true, { seed: '0' }).seed, 0);
  assert.throws(
    () => newSettings('lite', true, { size: '112' }),
    /multiple of 32 for lite, such as \d+, not 112/,
  );
  assert.equal(newSettings('lite', true, { size: '96' }).size, 96);
  assert.equal(newSettings('resnet18-linear', true, { size: '112' }).size, 112);
});

test('lids and lips are moved and measured among the points of iBUG alone', () => {
  const { lite, w300 } = PRESETS;
  assert.deepEqual(fitToData(lite, IBUG68, 9), lite);
  const other = { ...IBUG68, name: 'mine' };
  for (const settings of [lite, w300]) {
    const { augmentation, loss, phases, schema } = fitToData(settings, other, 9);
    assert.equal(schema, other);
    assert.equal(augmentation.blink, 0);
    assert.ok(phases.every((phase) => (phase.augmentation ?? augmentation).blink === 0));
    assert.ok(!loss.opening);
    assert.deepEqual(
      phases.map(({ mix }) => mix),
      settings.phases.map(({ mix }) => mix),
    );
  }
  assert.ok(lite.augmentation.blink && lite.loss.opening);
});

test('faces of one point are for networks of whole pictures, unless their boxes are told', () => {
  const [one] = noiseFaces(1).map((face) => ({ ...face, points: Float32Array.of(20, 30) }));
  const negative = { ...one, points: undefined };
  assert.throws(
    () => checkSizes('lite', PRESETS.plain, [one, negative]),
    /^Error: lite looks at crops.*--network nose or face58.*"box"/,
  );
  checkSizes('nose', COURSE_SETTINGS.nose, [one]);
  checkSizes('lite', PRESETS.plain, [{ ...one, box: [10, 10, 40, 50] }]);
  checkSizes('lite', PRESETS.plain, [one, ...noiseFaces(1)]);
  checkSizes('lite', PRESETS.plain, [negative]);
});
