import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEngine } from '../../training/src/engines/choose.ts';
import { startCpu } from '../../training/src/engines/cpu.ts';
import type { Engine, MaxPool } from '../../training/src/engines/engine.ts';
import { startNative } from '../../training/src/engines/native.ts';
import { EngineUnavailable } from '../../training/src/engines/unavailable.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { DEFAULT_LOSS, landmarkLoss } from '../../training/src/losses/landmark-loss.ts';
import { GradientLayers } from '../../training/src/models/gradient-layers.ts';
import type { Parameters } from '../../training/src/models/parameters.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { buildState } from '../../training/src/trainer/model-state.ts';
import { noise, noiseTensor, tinyNetwork, type ConvCase } from './support.ts';

/** Products in full float32, as the engines it is compared with compute them. Read when TensorFlow loads. */
process.env.TF_SET_ONEDNN_FPMATH_MODE = 'F32';

/** Arrays by name: what an engine computed, free of it. The wasm and cpu engines share one `tf`. */
type Arrays = Map<string, Float32Array>;

function take(tensor: Tensor): Float32Array {
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** No value differs by more than `tolerance` of its array's largest. */
function assertClose(actual: Arrays, expected: Arrays, tolerance: number): void {
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  for (const [name, values] of expected) {
    const others = actual.get(name)!;
    assert.equal(others.length, values.length, name);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // Less than this is rounding: what is left of sums that cancel.
    const scale = Math.max(largest, 1e-4);
    values.forEach((value, i) => {
      const difference = Math.abs(value - others[i]);
      assert.ok(
        difference <= tolerance * scale,
        `${name}[${i}]: ${others[i]}, not ${value} (largest ${largest})`,
      );
    });
  }
}

const CONVOLUTIONS: readonly ConvCase[] = [
  { input: [2, 6, 6, 3], kernel: [1, 1], filters: 4, strides: 1 },
  { input: [2, 8, 8, 3], kernel: [1, 1], filters: 4, strides: 2 },
  { input: [1, 7, 7, 1], kernel: [3, 3], filters: 5, strides: 1 },
  { input: [3, 8, 8, 2], kernel: [3, 3], filters: 4, strides: 2 },
  { input: [2, 9, 6, 3], kernel: [3, 3], filters: 2, strides: 2 },
  { input: [2, 10, 7, 2], kernel: [3, 3], filters: 3, strides: 3 },
  { input: [2, 12, 9, 2], kernel: [5, 3], filters: 3, strides: [1, 2] },
  { input: [2, 11, 12, 1], kernel: [2, 4], filters: 3, strides: [2, 1] },
  { input: [2, 16, 16, 1], kernel: [7, 7], filters: 4, strides: 2 },
];

function convGradients({ tf }: Engine, { input, kernel, filters, strides }: ConvCase, pad: 'same' | 'valid') {
  const [dx, dw] = tf.tidy(() => {
    const x = noiseTensor(tf, input, 1) as Tensor4D;
    const w = noiseTensor(tf, [...kernel, input[3], filters], 2) as Tensor4D;
    const { outShape } = tf.backend_util.computeConv2DInfo(input, w.shape, strides, 1, pad);
    const weight = noiseTensor(tf, outShape, 3);
    const conv = (...args: Tensor[]) => tf.conv2d(args[0] as Tensor4D, args[1] as Tensor4D, strides, pad);
    return tf.grads(conv)([x, w], weight);
  });
  return new Map([
    ['input', take(dx)],
    ['kernel', take(dw)],
  ]);
}

// Numbers are left out: tfjs's wasm convolution reads out of bounds for some of them, and no network here uses one.
for (const pad of ['same', 'valid'] as const) {
  test(`the kernel gradient of a convolution (${pad}) is the same on wasm as on cpu`, async () => {
    const cpu = await startCpu();
    const expected = CONVOLUTIONS.map((one) => convGradients(cpu, one, pad));
    const wasm = await startWasm();
    assert.equal(wasm.tf.getBackend(), 'wasm');
    CONVOLUTIONS.forEach((one, i) => assertClose(convGradients(wasm, one, pad), expected[i], 1e-5));
  });
}

const ENLARGED: readonly [number, number, number, number][] = [
  [1, 1, 1, 1],
  [2, 4, 4, 3],
  [2, 3, 5, 2],
];

function enlargementGradient({ tf }: Engine, shape: [number, number, number, number]): Arrays {
  const gradient = tf.tidy(() => {
    const [height, width] = [shape[1] * 2, shape[2] * 2];
    const weight = noiseTensor(tf, [shape[0], height, width, shape[3]], 4);
    const enlarge = (x: Tensor) => tf.image.resizeNearestNeighbor(x as Tensor4D, [height, width]);
    return tf.grad(enlarge)(noiseTensor(tf, shape, 5), weight);
  });
  return new Map([['input', take(gradient)]]);
}

test('the gradient of enlarging twice is the same on wasm as on cpu', async () => {
  const cpu = await startCpu();
  const expected = ENLARGED.map((shape) => enlargementGradient(cpu, shape));
  const wasm = await startWasm();
  ENLARGED.forEach((shape, i) => assertClose(enlargementGradient(wasm, shape), expected[i], 1e-5));
});

const SIZE = 32;
const BATCH = 4;

/** As a training step has them, of one batch. */
function stepGradients(engine: Engine, parameters: Parameters): Arrays {
  const { tf } = engine;
  const trainable = [...parameters].filter(([, parameter]) => parameter.trainable);
  const results: Arrays = new Map();
  const { value, grads } = tf.tidy(() => {
    const crops = noiseTensor(tf, [BATCH, SIZE, SIZE, 1], 6);
    const random = randomOf(7, 5);
    const truth = {
      points: tf.tensor2d(
        Float32Array.from({ length: BATCH * 136 }, () => 0.1 + 0.8 * random.uniform()),
        [BATCH, 136],
      ),
      known: tf.tensor2d(
        Float32Array.from({ length: BATCH * 68 }, (_, i) => (i % 7 ? 1 : 0)),
        [BATCH, 68],
      ),
      presence: tf.tensor2d([1, 1, 0, 1], [BATCH, 1]),
    };
    const lossOf = (...weights: Tensor[]): Scalar => {
      const tensors = new Map(trainable.map(([name], i) => [name, weights[i]]));
      const layers = new GradientLayers(engine, 'train', tensors);
      const loss = landmarkLoss(tf, tinyNetwork<Tensor>(layers, crops), truth, DEFAULT_LOSS);
      for (const { name, mean, variance } of layers.statistics) {
        results.set(`${name} mean`, take(mean));
        results.set(`${name} variance`, take(variance));
      }
      return loss;
    };
    return tf.valueAndGrads(lossOf)(trainable.map(([, { values, shape }]) => tf.tensor(values, [...shape])));
  });
  results.set('loss', take(value));
  trainable.forEach(([name], i) => results.set(name, take(grads[i])));
  return results;
}

/** Parameters as an engine makes them, moved off the places where gradients vanish: zeros, and relu's corner. */
async function stepParameters(engine: Engine): Promise<Parameters> {
  const initial = { seed: 11, layers: new Map() };
  const { parameters } = await buildState(engine, tinyNetwork, noise(BATCH * SIZE * SIZE, 6), SIZE, initial);
  let seed = 20;
  for (const { values, trainable } of parameters.values()) {
    if (!trainable) continue;
    const shift = noise(values.length, seed++);
    values.forEach((value, i) => (values[i] = value + 0.1 * shift[i]));
  }
  return parameters;
}

/** Windows that overlap or not, fit or stick out; no two values alike, as any of them may then count as the largest. */
const POOLS = [
  { input: [2, 8, 8, 3], window: 3, stride: 2 },
  { input: [1, 7, 9, 2], window: 3, stride: 2 },
  { input: [2, 7, 6, 1], window: 2, stride: 2 },
  { input: [1, 5, 5, 4], window: 3, stride: 1 },
] as const;

test('max pooling on TensorFlow is the same as on cpu, and so is its gradient', async (t) => {
  const cpu = await startCpu();
  const own = (engine: Engine): MaxPool => engine.maxPool ?? engine.tf.maxPool;
  const results = (engine: Engine, padding: 'same' | 'valid') =>
    POOLS.map(({ input, window, stride }): Arrays => {
      const pool = (x: Tensor) => own(engine)(x as Tensor4D, window, stride, padding);
      const [value, gradient] = engine.tf.tidy(() => {
        const x = noiseTensor(engine.tf, input, 1);
        const y = pool(x);
        return [y, engine.tf.grad(pool)(x, noiseTensor(engine.tf, y.shape, 2))];
      });
      return new Map([
        ['value', take(value)],
        ['gradient', take(gradient)],
      ]);
    });
  const expected = (['same', 'valid'] as const).map((padding) => results(cpu, padding));
  t.mock.method(console, 'warn', () => {});
  const native = await started(() => startNative(false));
  if (!native?.maxPool) return t.skip('TensorFlow is not installed, or comes without oneDNN');
  (['same', 'valid'] as const).forEach((padding, p) =>
    results(native, padding).forEach((one, i) => assertClose(one, expected[p][i], 1e-6)),
  );
});

test('the gradients of a training step are the same on wasm as on cpu', async () => {
  const cpu = await startCpu();
  const parameters = await stepParameters(cpu);
  const expected = stepGradients(cpu, parameters);
  assertClose(stepGradients(await startWasm(), parameters), expected, 1e-3);
});

test('the gradients of a training step are the same on TensorFlow as on wasm', async (t) => {
  const wasm = await startWasm();
  const parameters = await stepParameters(wasm);
  const expected = stepGradients(wasm, parameters);
  // Every copy of tfjs in a process registers its kernels in one place, with a warning for each that is there.
  t.mock.method(console, 'warn', () => {});
  const native = await started(() => startNative(false));
  if (!native) return t.skip('TensorFlow is not installed; `npm run setup:native` installs it');
  assert.ok(native.batchNorm && native.relu);
  const actual = stepGradients(native, parameters);
  assertClose(actual, expected, 1e-3);
});

test('an engine that is asked for and not there says how to install it', async (t) => {
  if (await started(() => startNative(true))) return t.skip('the GPU build of TensorFlow is installed');
  const lines: string[] = [];
  await assert.rejects(
    startEngine('node-gpu', (line) => lines.push(line)),
    (error: Error) => error instanceof EngineUnavailable && /npm run setup:native/.test(error.message),
  );
  assert.deepEqual(lines, []);
});

async function started(start: () => Promise<Engine>): Promise<Engine | undefined> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof EngineUnavailable) return undefined;
    throw error;
  }
}
