import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRROR } from '../../../sdk/src/landmarks/schema.ts';
import type { Predictions } from '../../../training/src/models/predictions.ts';
import { randomOf } from '../../../training/src/support/random.ts';
import { withMirror } from '../../../training/src/teacher/mirrored.ts';

const SIZE = 16;
const random = randomOf(21);
const crops = Float32Array.from({ length: 3 * SIZE * SIZE }, () => random.uniform());
/** Of each point from the light's centre; the mirror image's are the mirrored ones. */
const offsets = MIRROR.map((other, i) =>
  i === other ? [0, i / 100] : [(i < other ? -1 : 1) * 0.1, Math.min(i, other) / 100],
);

/** Points about the crop's centre of light, which flips with the crop; `bias` is what does not. */
function predictor(bias: number): (inputs: Float32Array) => Predictions {
  return (inputs) => {
    const n = inputs.length / SIZE / SIZE;
    const keypoints: number[] = [];
    const spread: number[] = [];
    const presence: number[] = [];
    for (let face = 0; face < n; face++) {
      const crop = inputs.subarray(face * SIZE * SIZE, (face + 1) * SIZE * SIZE);
      const light = crop.reduce((sum, value) => sum + value, 0);
      const x = crop.reduce((sum, value, i) => sum + value * ((i % SIZE) + 0.5), 0) / light / SIZE;
      const y = crop.reduce((sum, value, i) => sum + value * (Math.floor(i / SIZE) + 0.5), 0) / light / SIZE;
      for (const [dx, dy] of offsets) keypoints.push(x + dx + bias, y + dy);
      // Larger on the side that the light is on.
      for (const [dx] of offsets) spread.push(0.05 + dx * (x - 0.5) + bias);
      presence.push(light / crop.length);
    }
    return {
      keypoints: Float32Array.from(keypoints),
      spread: Float32Array.from(spread),
      presence: Float32Array.from(presence),
    };
  };
}

function assertNear(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) < 1e-6, `[${i}]`));
}

test('a predictor that treats both sides alike says the same with the mirror image', async () => {
  const plain = predictor(0)(crops);
  const mirrored = await withMirror(predictor(0), SIZE)(crops);
  assertNear(mirrored.keypoints, plain.keypoints);
  assertNear(mirrored.spread, plain.spread);
  assertNear(mirrored.presence, plain.presence);
});

test('what a predictor does wrong to one side cancels', async () => {
  const { keypoints, spread } = await withMirror(predictor(0.03), SIZE)(crops);
  assertNear(keypoints, predictor(0)(crops).keypoints);
  assertNear(
    spread,
    predictor(0)(crops).spread.map((value) => value + 0.03),
  );
});

test('a shift of the markup is no mistake: it stays', async () => {
  const { keypoints } = await withMirror(predictor(0.03), SIZE, 0.03)(crops);
  assertNear(keypoints, predictor(0.03)(crops).keypoints);
});

test('the crops are left as they were', async () => {
  const before = crops.slice();
  await withMirror(predictor(0), SIZE)(crops);
  assert.deepEqual(crops, before);
});
