import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AugmentationPool } from '../../../training/src/augmentation/pool.ts';
import {
  DEFAULT_AUGMENTATION,
  type AugmentationSettings,
} from '../../../training/src/augmentation/settings.ts';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import { inSharedMemory } from '../../../training/src/datasets/shared-pixels.ts';
import { inputStep } from '../../../training/src/inputs/input.ts';
import { randomOf } from '../../../training/src/support/random.ts';

const NONE = Object.fromEntries(
  Object.keys(DEFAULT_AUGMENTATION).map((name) => [name, 0]),
) as unknown as AugmentationSettings;
const SETTINGS = { seed: 1, batch: 2, size: 32, cropFactor: 1.3, augmentation: DEFAULT_AUGMENTATION };

function noise(): Sample {
  const random = randomOf(3);
  const width = 64;
  return {
    name: 'noise',
    set: 'noise',
    split: 'train',
    points: Float32Array.from({ length: 136 }, () => random.between(16, 48)),
    image: {
      data: Uint8Array.from({ length: width * width }, () => random.index(256)),
      width,
      height: width,
      channels: 1,
    },
  };
}

test('a phase’s own augmentation takes the place of the run’s, from its first crop on', async () => {
  const sample = noise();
  const asUsed = new Float32Array(SETTINGS.size ** 2);
  inputStep(SETTINGS).prepare(sample, asUsed);
  const pool = new AugmentationPool([sample], SETTINGS, (crop) => ({
    mix: {},
    negativeShare: 0,
    ...(crop >= 4 && { augmentation: NONE }),
  }));
  const untouched: boolean[] = [];
  for (let first = 0; first < 8; first += SETTINGS.batch) {
    const { crops } = await pool.batch(first);
    for (let i = 0; i < SETTINGS.batch; i++) {
      const crop = crops.subarray(i * asUsed.length, (i + 1) * asUsed.length);
      untouched.push(crop.every((value, k) => Math.abs(value - asUsed[k]) < 1e-5));
    }
  }
  await pool.close();
  assert.deepEqual(untouched, [false, false, false, false, true, true, true, true]);
});

test('pixels that threads share already are read where they are, not copied', async () => {
  const sample = inSharedMemory(noise());
  const settings = { ...SETTINGS, augmentation: NONE };
  const pool = new AugmentationPool([sample], settings, () => ({ mix: {}, negativeShare: 0 }));
  for (let i = 0; i < sample.image.data.length; i++) sample.image.data[i] = 255 - sample.image.data[i];
  const changed = new Float32Array(SETTINGS.size ** 2);
  inputStep(SETTINGS).prepare(sample, changed);
  const { crops } = await pool.batch(0);
  await pool.close();
  assert.ok(changed.every((value, i) => Math.abs(value - crops[i]) < 1e-5));
});
