import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { gammaRegression } from '../../training/src/export/gamma-regression.ts';
import { randomOf } from '../../training/src/support/random.ts';

const ROWS = 3000;
const TRUE_WEIGHTS = [
  [0.4, -0.3, 0.2],
  [-0.5, 0, -1],
];

/** Two problems whose values are exponentially distributed about `exp(features * weights)`; the last feature is constant. */
async function draw() {
  const engine = await startWasm();
  const random = randomOf(5);
  const features: number[] = [];
  const values: number[] = [];
  for (const weights of TRUE_WEIGHTS) {
    for (let row = 0; row < ROWS; row++) {
      const x = [random.normal(), random.normal(), 1];
      const mean = Math.exp(x.reduce((sum, value, i) => sum + value * weights[i], 0));
      features.push(...x);
      values.push(-mean * Math.log(1 - random.uniform()));
    }
  }
  return { engine, features, values };
}

function fit(
  { engine, features, values }: Awaited<ReturnType<typeof draw>>,
  counts: number[],
  ridge: number,
) {
  const { tf } = engine;
  const rows = {
    features: tf.tensor(features, [2, ROWS, 3]) as Tensor3D,
    values: tf.tensor(values, [2, ROWS]) as Tensor2D,
    counts: tf.tensor(counts, [2, ROWS]) as Tensor2D,
  };
  return gammaRegression(engine, rows, [ridge, ridge, 1e-6]);
}

const ALL = new Array<number>(2 * ROWS).fill(1);

test('each problem’s weights are found', async () => {
  const found = fit(await draw(), ALL, 1e-6);
  found.forEach((value, i) => {
    const expected = TRUE_WEIGHTS.flat()[i];
    assert.ok(Math.abs(value - expected) < 0.06, `weight ${i}: ${value} instead of ${expected}`);
  });
});

test('rows that do not count have no influence, whatever they hold', async () => {
  const drawn = await draw();
  const half = ALL.map((_, i) => i % 2);
  const clean = fit(drawn, half, 0.01);
  const values = drawn.values.map((value, i) => (i % 2 === 0 ? 1e4 : value));
  fit({ ...drawn, values }, half, 0.01).forEach((value, i) => assert.ok(Math.abs(value - clean[i]) < 1e-4));
});

test('a ridge makes weights small, but not the constant', async () => {
  const drawn = await draw();
  const found = fit(drawn, ALL, 100);
  [0, 1, 3, 4].forEach((i) => assert.ok(Math.abs(found[i]) < 0.02));
  [0, 1].forEach((k) => {
    const values = drawn.values.slice(k * ROWS, (k + 1) * ROWS);
    const mean = values.reduce((sum, value) => sum + value, 0) / ROWS;
    assert.ok(Math.abs(found[3 * k + 2] - Math.log(mean)) < 0.02);
  });
});

test('a problem of which nothing counts stays at zero', async () => {
  const counts = ALL.map((_, i) => (i < ROWS ? 0 : 1));
  const found = fit(await draw(), counts, 0.01);
  assert.deepEqual([...found.subarray(0, 3)], [0, 0, 0]);
  assert.ok(Math.abs(found[5] + 1) < 0.06);
});
