import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../training/src/engines/wasm.ts';
import type { Checkpoint } from '../../training/src/trainer/checkpoint.ts';
import { train, type EpochRecord } from '../../training/src/trainer/train.ts';
import { noiseFaces, TINY_SETTINGS, tinyNetwork } from './support.ts';

const NONE = { rotation: 0, shift: 0, scale: 0, gamma: 0, mirror: 0, patch: 0, blur: 0, noise: 0, shade: 0 };

/** A copy, since a run goes on writing into its state. */
function copyOf(checkpoint: Checkpoint): Checkpoint {
  return structuredClone(checkpoint);
}

test('a run resumed after an epoch ends as one that was not interrupted', async () => {
  const engine = await startWasm();
  const run = {
    engine,
    network: { name: 'tiny', build: tinyNetwork },
    settings: TINY_SETTINGS,
    train: noiseFaces(12),
    val: noiseFaces(3, 'val'),
    initial: new Map(),
    workers: 1,
    onStep: () => {},
  };
  const records: EpochRecord[] = [];
  const checkpoints: Checkpoint[] = [];
  await train({
    ...run,
    onEpoch: async (record, checkpoint) => {
      records.push(record);
      checkpoints.push(copyOf(checkpoint));
    },
  });
  const resumed: EpochRecord[] = [];
  const state = await train({
    ...run,
    resume: copyOf(checkpoints[0]),
    onEpoch: async (record) => void resumed.push(record),
  });

  assert.equal(records.length, 2);
  assert.equal(resumed.length, 1);
  assert.ok(
    Math.abs(resumed[0].loss - records[1].loss) < 1e-5,
    `${resumed[0].loss} against ${records[1].loss}`,
  );
  for (const [name, { values }] of checkpoints[1].state.parameters) {
    const other = state.parameters.get(name)?.values ?? [];
    values.forEach((value, i) => assert.ok(Math.abs(value - other[i]) < 1e-4, `${name}[${i}]`));
  }
});

test('the loss falls on faces that are seen again and again', async () => {
  const losses: number[] = [];
  await train({
    engine: await startWasm(),
    network: { name: 'tiny', build: tinyNetwork },
    settings: { ...TINY_SETTINGS, augmentation: NONE, rate: 2e-2, epochs: 4, stepsPerEpoch: 15 },
    train: noiseFaces(4),
    val: [],
    initial: new Map(),
    workers: 1,
    onStep: () => {},
    onEpoch: async ({ loss }) => void losses.push(loss),
  });
  assert.ok(losses[3] < losses[0] * 0.8, losses.join(' '));
});

test('no tensors are left behind by a step', async () => {
  const engine = await startWasm();
  const counts: number[] = [];
  await train({
    engine,
    network: { name: 'tiny', build: tinyNetwork },
    settings: { ...TINY_SETTINGS, epochs: 1, stepsPerEpoch: 5 },
    train: noiseFaces(4),
    val: noiseFaces(2, 'val'),
    initial: new Map(),
    workers: 1,
    onStep: () => counts.push(engine.tf.memory().numTensors),
    onEpoch: async () => {},
  });
  assert.equal(counts[4], counts[1]);
});
