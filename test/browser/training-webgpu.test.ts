import * as tf from '@tensorflow/tfjs';
import { randomBatch } from '../../training/src/bench/random-batch.ts';
import { startCpu } from '../../training/src/engines/cpu.ts';
import type { Engine } from '../../training/src/engines/engine.ts';
import { engineOn, requestDevice } from '../../training/src/engines/webgpu/engine-on.ts';
import { inputStep } from '../../training/src/inputs/input.ts';
import { buildState } from '../../training/src/trainer/model-state.ts';
import { trainStep } from '../../training/src/trainer/step.ts';
import { weightsOf } from '../../training/src/trainer/weights.ts';
import { noiseTensor, TINY_SETTINGS, tinyNetwork, type ConvCase } from '../training/support.ts';
import { assert, equal } from './support.ts';

// The trainer's programs run in Node; here, as every Chromium brings a WebGPU to run them on, and not every machine a card.

const adapter = await navigator.gpu.requestAdapter();
const gpu = await engineOn(tf, await requestDevice(adapter!), adapter!.info, 'Chromium');
const cpu = await startCpu();

/** Both engines are one tfjs: what one computes is read before the other is made current. */
async function onBoth<T>(work: (engine: Engine) => Promise<T>): Promise<{ actual: T; expected: T }> {
  await tf.setBackend('cpu');
  const expected = await work(cpu);
  await tf.setBackend('webgpu');
  return { actual: await work(gpu), expected };
}

const noiseOf = (shape: readonly number[], seed: number) => noiseTensor(tf, shape, seed);

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/** No value differs by more than `tolerance` of the largest. */
function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  equal(actual.length, expected.length, what);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-4);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  assert(worst <= tolerance * largest, `${what}: differs by ${worst}, the largest being ${largest}`);
}

/** Ours do those with output channels by fours; the last two are left to tfjs, one whole and one in part. */
const CONVOLUTIONS: readonly ConvCase[] = [
  { input: [2, 8, 8, 4], kernel: [3, 3], filters: 8, strides: 1 },
  { input: [2, 10, 10, 8], kernel: [3, 3], filters: 68, strides: 2 },
  { input: [3, 9, 7, 4], kernel: [1, 1], filters: 4, strides: 2 },
  { input: [2, 16, 16, 1], kernel: [7, 7], filters: 64, strides: 2 },
  { input: [2, 11, 9, 8], kernel: [3, 5], filters: 12, strides: [1, 2] },
  { input: [1, 7, 7, 12], kernel: [2, 2], filters: 4, strides: 3 },
  { input: [2, 10, 10, 64], kernel: [3, 3], filters: 64, strides: 1 },
  // So many places that tiles are of 128 rows.
  { input: [1, 256, 256, 4], kernel: [1, 1], filters: 4, strides: 1 },
  { input: [2, 6, 6, 4], kernel: [3, 3], filters: 5, strides: 1 },
  { input: [2, 6, 6, 3], kernel: [3, 3], filters: 4, strides: 1 },
];

describe('training on WebGPU', () => {
  for (const padding of ['same', 'valid'] as const) {
    it(`convolutions (${padding}) and their gradients are those of the cpu`, async function () {
      this.timeout(120_000);
      for (const { input, kernel, filters, strides } of CONVOLUTIONS) {
        const { actual, expected } = await onBoth(() => {
          const [x, w] = [noiseOf(input, 1), noiseOf([...kernel, input[3], filters], 2)];
          const conv = (a: tf.Tensor, b: tf.Tensor) =>
            tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, padding);
          const y = conv(x, w);
          return Promise.all([y, ...tf.grads(conv)([x, w], noiseOf(y.shape, 3))].map(read));
        });
        ['y', 'input gradient', 'kernel gradient'].forEach((what, i) =>
          assertClose(actual[i]!, expected[i]!, 1e-5, `${what} of ${input.join('x')} by ${kernel.join('x')}`),
        );
      }
    });
  }

  it('batch norm over many rows, far from zero, and its gradients are those of the cpu', async function () {
    this.timeout(60_000);
    const { actual, expected } = await onBoth(async (engine) => {
      const inputs = [noiseOf([4, 20, 20, 70], 1).add(30), noiseOf([70], 2), noiseOf([70], 3)];
      const norm = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
        if (engine.batchNorm) {
          const { y } = engine.batchNorm(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-5);
          return y;
        }
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(gamma).add(beta);
      };
      const y = norm(inputs[0]!, inputs[1]!, inputs[2]!);
      return Promise.all([y, ...tf.grads(norm)(inputs, noiseOf(y.shape, 4))].map(read));
    });
    ['y', 'x', 'gamma', 'beta'].forEach((what, i) => assertClose(actual[i]!, expected[i]!, 2e-4, what));
  });

  it('weights stepped on the card are those stepped in JavaScript, and no tensor is left', async function () {
    this.timeout(120_000);
    const settings = { ...TINY_SETTINGS, rate: 1e-3 };
    const batch = randomBatch(settings);
    let left = 0;
    const { actual, expected } = await onBoth(async (engine) => {
      const before = tf.memory().numTensors;
      const initial = { seed: 3, layers: new Map() };
      const state = await buildState(engine, tinyNetwork, batch.crops, inputStep(settings), initial);
      const weights = weightsOf(engine, state);
      const losses: number[] = [];
      for (let step = 1; step <= 4; step++)
        losses.push(await trainStep(engine, tinyNetwork, weights, batch, settings, settings.rate, step));
      await weights.save();
      weights.dispose();
      left = tf.memory().numTensors - before;
      return { losses, state };
    });
    equal(left, 0, 'tensors left');
    assertClose(Float32Array.from(actual.losses), Float32Array.from(expected.losses), 1e-3, 'loss');
    for (const [name, { values }] of expected.state.parameters) {
      // A softmax does not see what is added to all its values: this gradient is rounding, of which Adam makes whole steps.
      if (name === 'maps/bias') continue;
      assertClose(actual.state.parameters.get(name)!.values, values, 5e-3, name);
      const average = (state: typeof actual.state) => state.moments.get(name)!.average;
      assertClose(average(actual.state), average(expected.state), 5e-3, `average of ${name}`);
    }
  });

  it('says so when the card refuses work, instead of reading zeros', async () => {
    const another = (await navigator.gpu.requestAdapter())!;
    const other = await engineOn(tf, await requestDevice(another), another.info, 'Chromium');
    const x = tf.ones([4]);
    const device = (tf.backend() as unknown as { device: GPUDevice }).device;
    device.createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE });
    await device.queue.onSubmittedWorkDone();
    const message = await other.inPlace!.read(x).then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    assert(/refused work.*smaller --batch/.test(message), message);
    other[Symbol.dispose]();
  });
});
