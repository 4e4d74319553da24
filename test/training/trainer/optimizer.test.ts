import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adamScale, adamStep, averagingAt, newMoments } from '../../../training/src/trainer/optimizer.ts';

function near(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );
}

test('the average remembers a tenth at first, and no more than is asked for at last', () => {
  assert.deepEqual(
    [0, 8, 90].map((step) => averagingAt(step, 0.995)),
    [1 / 10, 9 / 18, 91 / 100],
  );
  assert.equal(averagingAt(1e5, 0.995), 0.995);
  assert.equal(averagingAt(90, 0.5), 0.5);
});

test('the rate is corrected for moments that begin at zero, less and less', () => {
  near(adamScale(2, 1), (2 * Math.sqrt(0.001)) / 0.1);
  near(adamScale(2, 2), (2 * Math.sqrt(0.001999)) / 0.19);
  near(adamScale(2, 1e5), 2);
});

test('the first two steps of Adam, by hand', () => {
  const parameter = { shape: [2], values: Float32Array.of(1, -3), trainable: true };
  const moments = newMoments(parameter);
  // Whatever the gradient, the first step is one rate long.
  adamStep(parameter, moments, Float32Array.of(0.5, -40), 0.1, 1, 0.25);
  near(parameter.values[0], 0.9);
  near(parameter.values[1], -2.9);
  near(moments.average[0], 0.25 * 1 + 0.75 * 0.9);
  near(moments.average[1], 0.25 * -3 + 0.75 * -2.9);

  adamStep(parameter, moments, Float32Array.of(-0.25, 0), 0.1, 2, 0.25);
  // 0.9 * 0.05 - 0.1 * 0.25, and 0.999 * 0.00025 + 0.001 * 0.0625.
  near(moments.first[0], 0.02);
  near(moments.second[0], 0.00031225);
  const [w0, w1] = [
    0.9 - 0.1 * (0.02 / 0.19 / Math.sqrt(0.00031225 / 0.001999)),
    -2.9 + (0.1 * 3.6) / 0.19 / Math.sqrt(1.5984 / 0.001999),
  ];
  near(parameter.values[0], w0);
  near(parameter.values[1], w1);
  near(moments.average[0], 0.25 * 0.925 + 0.75 * w0);
});
