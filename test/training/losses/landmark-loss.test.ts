import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Engine } from '../../../training/src/engines/engine.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { landmarkLoss, type LossWeights } from '../../../training/src/losses/landmark-loss.ts';

const NONE: LossWeights = { wing: 0, marginals: 0, spread: 0, presence: 0 };
let engine: Engine;
before(async () => {
  engine = await startWasm();
});

interface Face {
  /** Shifts of landmarks from the truth, crop units, by index. */
  readonly off?: Readonly<Record<number, readonly [x: number, y: number]>>;
  readonly unknown?: readonly number[];
  readonly spread?: number;
  readonly presence?: number;
  /** Whether there is a face, 1 or 0. */
  readonly there?: number;
  readonly landmarks?: number;
}

/** The loss of one face whose points lie on a grid, and its gradient for each coordinate. */
function lossOf(
  { off = {}, unknown = [], spread = 0.02, presence = 1, there = 1, landmarks = 68 }: Face,
  weights: LossWeights,
) {
  const { tf } = engine;
  const truth = Float32Array.from({ length: 2 * landmarks }, (_, i) => 0.2 + 0.008 * (i >> 1));
  const said = truth.slice();
  for (const [i, [x, y]] of Object.entries(off)) {
    said[2 * Number(i)] += x;
    said[2 * Number(i) + 1] += y;
  }
  const known = Float32Array.from({ length: landmarks }, (_, i) => (unknown.includes(i) ? 0 : 1));
  const { value, grad } = tf.valueAndGrad((keypoints: Tensor) =>
    landmarkLoss(
      tf,
      {
        keypoints,
        spread: tf.fill([1, landmarks], spread),
        presence: tf.tensor2d([[presence]]),
      },
      {
        points: tf.tensor2d(truth, [1, 2 * landmarks]),
        known: tf.tensor2d(known, [1, landmarks]),
        presence: tf.tensor2d([[there]]) as Tensor2D,
      },
      weights,
    ),
  )(tf.tensor2d(said, [1, 2 * landmarks]));
  return { loss: value.dataSync()[0], gradient: [...grad.dataSync()] };
}

test('wing: small errors count for more than their share, unknown points for nothing', () => {
  const weights = { ...NONE, wing: 1 };
  const at = (x: number) => lossOf({ off: { 5: [x, 0] } }, weights).loss;
  assert.equal(at(0), 0);
  assert.ok(at(0.01) > at(0.04) / 4 && at(0.04) < at(0.08));
  assert.ok(Math.abs(at(0.2) - at(0.1) - 10 / 8 / 69) < 1e-4, 'straight beyond its width');
  assert.equal(lossOf({ off: { 5: [0.1, 0] }, unknown: [5] }, weights).loss, 0);
});

test('spread: least where it is the mean error; it moves no point', () => {
  const weights = { ...NONE, spread: 1 };
  const off = Object.fromEntries(Array.from({ length: 68 }, (_, i) => [i, [0.03, 0.04] as const]));
  const at = (spread: number) => lossOf({ off, spread }, weights);
  assert.ok(at(0.05).loss < at(0.045).loss && at(0.05).loss < at(0.055).loss);
  assert.ok(at(0.05).gradient.every((value) => value === 0));
});

test('presence: the surer of what is so, the better', () => {
  const weights = { ...NONE, presence: 1 };
  assert.ok(lossOf({ presence: 0.9 }, weights).loss < lossOf({ presence: 0.5 }, weights).loss);
  assert.ok(
    lossOf({ presence: 0.1, there: 0 }, weights).loss < lossOf({ presence: 0.5, there: 0 }, weights).loss,
  );
  // The logarithm of what was said of what is so, a ten-thousandth away from 0 and 1.
  const near = (loss: number, said: number) => assert.ok(Math.abs(loss + Math.log(said)) < 1e-3, `${loss}`);
  near(lossOf({ presence: 0.3 }, weights).loss, 0.30004);
  near(lossOf({ presence: 0.3, there: 0 }, weights).loss, 0.69996);
  near(lossOf({ presence: 1, there: 0 }, weights).loss, 1e-4);
});

test('maps: the best is a peak at the true place, x along a row and y down the rows', () => {
  const { tf } = engine;
  const side = 8;
  const [x, y] = [5.5 / side, 1.5 / side];
  const lossOfPeak = (column: number, row: number, known = 1) => {
    const maps = new Float32Array(side * side).fill(0.1 / (side * side - 1));
    maps[row * side + column] = 0.9;
    const points = tf.tensor2d([[x, y]]);
    const one = tf.tensor2d([[1]]);
    return landmarkLoss(
      tf,
      { keypoints: points, spread: one, presence: one, maps: tf.tensor3d(maps, [1, 1, side * side]) },
      { points, known: tf.tensor2d([[known]]), presence: one },
      { ...NONE, marginals: 1 },
    ).dataSync()[0];
  };
  const right = lossOfPeak(5, 1);
  for (const [column, row] of [
    [1, 5],
    [4, 1],
    [5, 2],
  ])
    assert.ok(lossOfPeak(column, row) > right + 0.3, `a peak in column ${column}, row ${row}`);
  assert.ok(lossOfPeak(1, 5) > lossOfPeak(4, 1), 'the further off the worse');
  assert.ok(Math.abs(lossOfPeak(1, 5, 0)) < 1e-6, 'an unknown point asks nothing');

  // Both axes: the Gaussian's share of each row (or column), deviation 0.9 of one, against the map's.
  const weights = Array.from({ length: side }, (_, i) => Math.exp(-0.5 * ((i - 5) / 0.9) ** 2));
  const low = Array.from({ length: side }, (_, i) => Math.exp(-0.5 * ((i - 1) / 0.9) ** 2));
  const cross = (target: readonly number[], peak: number) => {
    const sum = target.reduce((a, b) => a + b);
    const [rest, most] = [(0.1 / 63) * side, 0.9 + (0.1 / 63) * (side - 1)];
    return -target.reduce(
      (total, w, i) => total + (w / sum) * Math.log((i === peak ? most : rest) + 1e-6),
      0,
    );
  };
  // A mean over the known points, and one more.
  assert.ok(Math.abs(right - (cross(weights, 5) + cross(low, 1)) / 2) < 1e-4);
});

test('opening: asks how far lids and lips are apart, not where they are', () => {
  const weights = { ...NONE, opening: 1 };
  assert.equal(lossOf({ off: { 3: [0.1, 0.1], 30: [0.1, 0] } }, weights).loss, 0);
  assert.equal(
    lossOf({ off: { 37: [0.02, 0.03] }, unknown: [41] }, weights).loss,
    0,
    'one of a pair is unknown',
  );
  assert.ok(lossOf({ off: { 37: [0.02, 0.03], 41: [0.02, 0.03] } }, weights).loss < 1e-6, 'moved together');
  const opened = lossOf({ off: { 37: [0, -0.01], 41: [0, 0.01] } }, weights);
  assert.ok(opened.loss > lossOf({ off: { 37: [0, -0.01] } }, weights).loss);
  const [upper, lower] = [opened.gradient[75], opened.gradient[83]];
  assert.ok(upper < 0 && Math.abs(upper + lower) < 1e-6, 'it pulls them together');
});

test('opening: not asked of other markups, nor without a weight', () => {
  const off = { 37: [0, -0.01] } as const;
  assert.equal(lossOf({ off, landmarks: 58 }, { ...NONE, opening: 1 }).loss, 0);
  assert.equal(lossOf({ off }, NONE).loss, 0);
});
