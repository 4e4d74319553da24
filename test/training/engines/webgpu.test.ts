import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startCpu } from '../../../training/src/engines/cpu.ts';
import type { Engine } from '../../../training/src/engines/engine.ts';
import { EngineUnavailable } from '../../../training/src/engines/unavailable.ts';
import { startWebGpu } from '../../../training/src/engines/webgpu.ts';
import { randomOf } from '../../../training/src/support/random.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';
import { trainStep } from '../../../training/src/trainer/step.ts';
import { weightsOf } from '../../../training/src/trainer/weights.ts';
import { randomBatch } from '../../../training/src/bench/random-batch.ts';
import { inputStep } from '../../../training/src/inputs/input.ts';
import { TINY_SETTINGS, tinyNetwork } from '../support.ts';

/** Both engines share one tfjs, so what one computes is read before the other is made current. */
const cpu = await startCpu();
const gpu = await startWebGpu(true).catch((error: unknown) => {
  if (error instanceof EngineUnavailable) return error.message;
  throw error;
});
const skip = typeof gpu === 'string' ? gpu : false;

after(() => {
  if (typeof gpu !== 'string') gpu[Symbol.dispose]();
});

async function on<T>(backend: 'webgpu' | 'cpu', work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = backend === 'cpu' ? cpu : (gpu as Engine);
  await engine.tf.setBackend(backend);
  return work(engine);
}

function noise({ tf }: Engine, shape: number[], seed: number): Tensor {
  const random = randomOf(seed, 5);
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

/** No value differs by more than `tolerance` of the largest. */
function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-4);
  expected.forEach((value, i) => {
    assert.ok(
      Math.abs(value - actual[i]) <= tolerance * largest,
      `${what}[${i}]: ${actual[i]}, not ${value}`,
    );
  });
}

type Shape4 = [number, number, number, number];

/** Ours do those with output channels by fours; the last two are left to tfjs, the first whole and the second in part. */
const CONVOLUTIONS: readonly {
  readonly input: Shape4;
  readonly kernel: [number, number];
  readonly filters: number;
  readonly strides: number | [number, number];
}[] = [
  { input: [2, 8, 8, 4], kernel: [3, 3], filters: 8, strides: 1 },
  { input: [2, 10, 10, 8], kernel: [3, 3], filters: 68, strides: 2 },
  { input: [3, 9, 7, 4], kernel: [1, 1], filters: 4, strides: 2 },
  { input: [2, 16, 16, 1], kernel: [7, 7], filters: 64, strides: 2 },
  { input: [2, 11, 9, 8], kernel: [3, 5], filters: 12, strides: [1, 2] },
  { input: [1, 7, 7, 12], kernel: [2, 2], filters: 4, strides: 3 },
  { input: [4, 20, 20, 64], kernel: [3, 3], filters: 64, strides: 1 },
  { input: [2, 6, 6, 4], kernel: [3, 3], filters: 5, strides: 1 },
  { input: [2, 6, 6, 3], kernel: [3, 3], filters: 4, strides: 1 },
];

for (const padding of ['same', 'valid'] as const) {
  test(
    `a convolution (${padding}) and its gradients are the same on WebGPU as on cpu`,
    { skip },
    async () => {
      for (const { input, kernel, filters, strides } of CONVOLUTIONS) {
        const results = async (engine: Engine) => {
          const { tf } = engine;
          const x = noise(engine, input, 1);
          const w = noise(engine, [...kernel, input[3], filters], 2);
          const conv = (a: Tensor, b: Tensor) => tf.conv2d(a as Tensor4D, b as Tensor4D, strides, padding);
          const y = conv(x, w);
          const all = [y, ...tf.grads(conv)([x, w], noise(engine, y.shape, 3))];
          return Promise.all(all.map(async (tensor) => Float32Array.from(await tensor.data())));
        };
        const expected = await on('cpu', results);
        const actual = await on('webgpu', results);
        ['y', 'input gradient', 'kernel gradient'].forEach((what, i) =>
          assertClose(actual[i], expected[i], 1e-5, `${what} of ${input.join('x')} by ${kernel.join('x')}`),
        );
      }
    },
  );
}

test('after some steps, weights stepped on WebGPU are those stepped in JavaScript', { skip }, async () => {
  const settings = { ...TINY_SETTINGS, rate: 1e-3 };
  const batch = randomBatch(settings);
  const initial = { seed: 3, layers: new Map() };
  const trained = async (engine: Engine) => {
    const state = await buildState(engine, tinyNetwork, batch.crops, inputStep(settings), initial);
    const weights = weightsOf(engine, state);
    const losses: number[] = [];
    for (let step = 1; step <= 4; step++)
      losses.push(await trainStep(engine, tinyNetwork, weights, batch, settings, settings.rate, step));
    await weights.save();
    weights.dispose();
    return { losses, state };
  };
  const expected = await on('cpu', trained);
  const before = (gpu as Engine).tf.memory().numTensors;
  const actual = await on('webgpu', trained);
  assert.equal((gpu as Engine).tf.memory().numTensors, before, 'tensors are left');
  assertClose(Float32Array.from(actual.losses), Float32Array.from(expected.losses), 1e-3, 'loss');
  for (const [name, { values }] of expected.state.parameters) {
    // A softmax does not see what is added to all its values: this gradient is rounding, of which Adam makes whole steps.
    if (name === 'maps/bias') continue;
    assertClose(actual.state.parameters.get(name)!.values, values, 5e-3, name);
    assertClose(
      actual.state.moments.get(name)!.average,
      expected.state.moments.get(name)!.average,
      5e-3,
      name,
    );
  }
});
