import type { Tensor } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../training/src/engines/wasm.ts';
import type { LandmarkNetwork } from '../../training/src/models/layers.ts';
import type { Checkpoint } from '../../training/src/trainer/checkpoint.ts';
import { train, type EpochRecord } from '../../training/src/trainer/train.ts';
import { noiseFaces, TINY_SETTINGS, tinyNetwork } from './support.ts';

const NONE = { rotation: 0, shift: 0, scale: 0, gamma: 0, mirror: 0, patch: 0, blur: 0, noise: 0, shade: 0 };

/** A copy, since a run goes on writing into its state. */
function copyOf(checkpoint: Checkpoint): Checkpoint {
  return structuredClone(checkpoint);
}

/** To a ten-thousandth of the largest value. */
function assertNear(actual: Float32Array | undefined, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assert.equal(actual?.length, expected.length);
  expected.forEach((value, i) =>
    assert.ok(Math.abs(value - (actual?.[i] ?? NaN)) <= 1e-4 * largest, `${what}[${i}]`),
  );
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
  for (const [name, moments] of checkpoints[1].state.moments) {
    const others = state.moments.get(name);
    for (const kind of ['first', 'second', 'average'] as const)
      assertNear(others?.[kind], moments[kind], `${kind} of ${name}`);
  }
  assert.ok(
    [...checkpoints[1].state.moments.values()].some(({ second }) => second.some((value) => value > 0)),
  );
  const { nme, mae } = resumed[0].val.all;
  assert.ok(Math.abs(nme / records[1].val.all.nme - 1) < 1e-4, `${nme} against ${records[1].val.all.nme}`);
  assert.ok(Math.abs(mae / records[1].val.all.mae - 1) < 1e-4, `${mae} against ${records[1].val.all.mae}`);
  assert.equal(resumed[0].rate, records[1].rate);
});

test('a phase draws from its own sets, once the one before it is over', async () => {
  const [flat, noisy] = noiseFaces(2);
  flat.image.data.fill(128);
  const shown: string[] = [];
  const watched: LandmarkNetwork = (layers, crop) => {
    const values = (crop as unknown as Tensor).dataSync();
    shown.push(values.some((value) => value !== 0) ? 'noise' : 'flat');
    return tinyNetwork(layers, crop);
  };
  const phase = { negativeShare: 0 };
  await train({
    engine: await startWasm(),
    network: { name: 'tiny', build: watched },
    settings: {
      ...TINY_SETTINGS,
      augmentation: NONE,
      phases: [
        { ...phase, until: 0.5, mix: { flat: 1 } },
        { ...phase, until: 1, mix: { noisy: 1 } },
      ],
    },
    train: [
      { ...flat, set: 'flat' },
      { ...noisy, set: 'noisy' },
    ],
    val: [],
    initial: new Map(),
    workers: 1,
    onStep: () => {},
    onEpoch: async () => {},
  });
  // Six steps, and before the first a look that makes the weights.
  assert.deepEqual(shown, ['flat', 'flat', 'flat', 'flat', 'noise', 'noise', 'noise']);
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
