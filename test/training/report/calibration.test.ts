import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaceResult } from '../../../training/src/evaluation/on-samples.ts';
import { calibrationCurves } from '../../../training/src/report/calibration.ts';
import { randomOf } from '../../../training/src/support/random.ts';

/**
 * Faces whose points miss by exponentially distributed distances of the expected means, told `factor` times as large.
 * @param size of the faces, all else in proportion
 * @param told the means that are told, in place of the true ones
 */
function faces(factor: number, size = 100, told?: () => number): FaceResult[] {
  const random = randomOf(6, size);
  return Array.from({ length: 80 }, () => {
    const points = Float32Array.from({ length: 136 }, () => random.between(0, size));
    const means = Float32Array.from({ length: 68 }, () => (size / 100) * random.between(0.5, 5));
    const predicted = points.slice();
    means.forEach((mean, i) => (predicted[2 * i] += -Math.log(1 - random.uniform()) * mean));
    const image = { data: new Uint8Array(1), width: 1, height: 1, channels: 1 as const };
    const sample = { name: 'n', set: 's', split: 'val' as const, image, points };
    const spread = means.map((mean) => (told ? (size / 100) * told() : mean) * factor);
    return { set: 's', name: 'n', nme: 1, mae: 1, sample, predicted, spread, span: size, unit: size };
  });
}

test('expected errors that are right hold as many truths as they say', () => {
  const calibration = calibrationCurves(faces(1));
  for (const { nominal, observed } of calibration?.intervals ?? [])
    assert.ok(Math.abs(nominal - observed) < 0.03, `${nominal}: ${observed}`);
  for (const { expected, real } of calibration?.groups ?? []) assert.ok(Math.abs(real / expected - 1) < 0.2);
  assert.equal(calibration?.points, 80 * 68);
  assert.ok(calibration.rankCorrelation > 0.3);
});

test('expected errors that are half as large hold fewer, in the same order', () => {
  const right = calibrationCurves(faces(1));
  const half = calibrationCurves(faces(0.5));
  const at = (nominal: number) =>
    half?.intervals.find((interval) => interval.nominal === nominal)?.observed ?? 1;
  // 1 - exp(ln(1 - p) / 2)
  assert.ok(Math.abs(at(0.9) - (1 - Math.sqrt(0.1))) < 0.03);
  assert.equal(half?.rankCorrelation, right?.rankCorrelation);
});

test('a network that gives no expected error has no calibration', () => {
  assert.equal(calibrationCurves(faces(1).map((face) => ({ ...face, spread: undefined }))), undefined);
});

test('knowing how large a face is in its picture is not knowing its errors', () => {
  const random = randomOf(7);
  const guess = () => random.between(0.5, 5);
  const calibration = calibrationCurves([...faces(1, 100, guess), ...faces(1, 800, guess)]);
  assert.ok(Math.abs(calibration?.rankCorrelation ?? 1) < 0.05, `${calibration?.rankCorrelation}`);
  for (const { real } of calibration?.groups ?? []) assert.ok(Math.abs(real - 2.75) < 0.4, `${real} %`);
});

test('a face whose unit is not known is left out', () => {
  const unmeasured = { ...faces(1)[0], unit: NaN };
  assert.deepEqual(calibrationCurves([...faces(1), unmeasured]), calibrationCurves(faces(1)));
});
