import type { Scalar, Tensor } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkWidth, newSettings } from '../../training/src/cli/train-settings.ts';
import { startCpu } from '../../training/src/engines/cpu.ts';
import type { Engine } from '../../training/src/engines/engine.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { foldLayers } from '../../training/src/export/fold.ts';
import { GraphLayers } from '../../training/src/export/graph-layers.ts';
import { quantizeLayers } from '../../training/src/export/quantize.ts';
import { DEFAULT_LOSS } from '../../training/src/losses/landmark-loss.ts';
import { objectiveLoss } from '../../training/src/losses/objective.ts';
import { GradientLayers } from '../../training/src/models/gradient-layers.ts';
import { networkNamed, productNetworkNamed } from '../../training/src/models/networks.ts';
import { trainableCount } from '../../training/src/models/parameters.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { steppedRate } from '../../training/src/trainer/schedule.ts';
import { buildState, Predictor } from '../../training/src/trainer/model-state.ts';
import { IMM58 } from '../../training/src/datasets/schema.ts';

const NOSE = { name: 'nose', count: 1, regions: {} };

function noise(count: number): Float32Array {
  const random = randomOf(4);
  return Float32Array.from({ length: count }, () => random.between(-0.5, 0.5));
}

async function build(name: string, shape: object, width: number, height: number) {
  const engine = await startWasm();
  const network = networkNamed(name, shape);
  const inputs = noise(2 * width * height);
  const { parameters } = await buildState(
    engine,
    network,
    inputs,
    { width, height },
    { seed: 1, layers: new Map() },
  );
  return { engine, network, inputs, parameters };
}

test('nose: 72 inputs to the first linear layer, two numbers out', async () => {
  const { engine, network, inputs, parameters } = await build('nose', { schema: NOSE }, 80, 60);
  assert.deepEqual(parameters.get('fc1/kernel')?.shape, [72, 120]);
  const kernels = [1, 2, 3, 4].map((i) => parameters.get(`conv${i}/kernel`)?.shape[3]);
  assert.deepEqual(kernels, [12, 16, 20, 24]);
  const outputs = await new Predictor(engine, network, parameters).predict(inputs, { width: 80, height: 60 });
  assert.equal(outputs.keypoints.length, 2 * 2);
  assert.equal(outputs.spread.length, 0);
});

test('face58: 4800 inputs to the first linear layer, as wide as asked, places within the picture', async () => {
  const { engine, network, inputs, parameters } = await build(
    'face58',
    { schema: IMM58, width: 30 },
    320,
    240,
  );
  assert.deepEqual(parameters.get('fc1/kernel')?.shape, [4800, 30]);
  assert.deepEqual(parameters.get('fc2/kernel')?.shape, [30, 116]);
  const { keypoints } = await new Predictor(engine, network, parameters).predict(inputs, {
    width: 320,
    height: 240,
  });
  assert.equal(keypoints.length, 2 * 116);
  assert.ok(keypoints.every((value) => value > 0 && value < 1));
  assert.equal(newSettings('face58', true, {}).width, 10_000);
});

test('resnet18-linear: all points from one linear layer', async () => {
  const { engine, network, inputs, parameters } = await build('resnet18-linear', {}, 64, 64);
  assert.deepEqual(parameters.get('keypoints/kernel')?.shape, [512, 136]);
  assert.ok(trainableCount(parameters) > 11e6);
  const { keypoints } = await new Predictor(engine, network, parameters).predict(inputs, 64);
  assert.equal(keypoints.length, 2 * 136);
  const { epochs, rate, rates = [] } = newSettings('resnet18-linear', true, {});
  const at = (epoch: number) => steppedRate(epoch * 10, epochs * 10, rate, rates);
  assert.deepEqual([0, 9, 10, 12].map(at), [1e-4, 1e-4, 1e-5, 1e-5]);
});

test('weights start uniform, within the bounds of Kaiming and Xavier, biases at zero', async () => {
  const { parameters } = await build('nose', { schema: NOSE }, 80, 60);
  const largest = (name: string) => Math.max(...(parameters.get(name)?.values ?? []).map(Math.abs));
  for (const [name, bound] of [
    ['conv2/kernel', Math.sqrt(6 / (3 * 3 * 12))],
    ['fc1/kernel', Math.sqrt(6 / (72 + 120))],
  ] as const) {
    assert.ok(largest(name) <= bound && largest(name) > 0.95 * bound, `${name}: ${largest(name)}`);
  }
  for (const name of ['conv1/bias', 'fc1/bias', 'keypoints/bias']) assert.equal(largest(name), 0);
});

test('dropout drops in training alone: as stated in the mean, the same for the same step', async () => {
  const { tf } = await startWasm();
  const engine = await startWasm();
  const pass = (mode: 'train' | 'run', step: number) =>
    tf.tidy(() => {
      const initial = { seed: 3, layers: new Map() };
      const layers = new GradientLayers(engine, mode, new Map(), initial, step);
      return Float32Array.from(layers.dropout('d', tf.ones([50, 200]) as Tensor, 0.4).dataSync());
    });
  const kept = pass('train', 1);
  const share = kept.filter((value) => value > 0).length / kept.length;
  assert.ok(Math.abs(share - 0.6) < 0.02, `${share} kept`);
  assert.ok(kept.every((value) => value === 0 || Math.abs(value - 1 / 0.6) < 1e-6));
  assert.deepEqual(pass('train', 1), kept);
  assert.notDeepEqual(pass('train', 2), kept);
  assert.ok(pass('run', 1).every((value) => value === 1));
});

test('the graph of nose computes what the trained network does, to quantization', async () => {
  const { engine, network, inputs, parameters } = await build('nose', { schema: NOSE }, 80, 60);
  const graph = new GraphLayers(quantizeLayers(foldLayers(parameters)));
  const { keypoints } = network(graph, graph.input('picture', [60, 80, 1]));
  assert.deepEqual(keypoints.shape, [2]);
  const weights = graph.weights.map(({ bytes: _bytes, ...entry }) => entry);
  const model = await engine.tf.loadGraphModel({
    load: () =>
      Promise.resolve({
        format: 'graph-model',
        modelTopology: { node: graph.nodes, versions: { producer: 1 } },
        weightSpecs: weights.map((entry) => ({ ...entry, shape: [...entry.shape] })),
        weightData: new Uint8Array(Buffer.concat(graph.weights.map(({ bytes }) => bytes))).buffer,
      }),
  });
  const output = model.execute(
    { picture: engine.tf.tensor(inputs, [2, 60, 80, 1]) },
    keypoints.name,
  ) as Tensor;
  const quantized = await output.data();
  const { keypoints: float } = await new Predictor(engine, network, parameters).predict(inputs, {
    width: 80,
    height: 60,
  });
  const size = Math.max(...float.map(Math.abs));
  float.forEach((value, i) =>
    assert.ok(Math.abs(value - quantized[i]) < 0.03 * size, `${value} ${quantized[i]}`),
  );
});

test('only the product’s networks are exported, and the message says why', () => {
  assert.ok(productNetworkNamed('resnet18'));
  assert.throws(() => productNetworkNamed('nose'), /points alone/);
  assert.throws(() => productNetworkNamed('resnet18', { schema: IMM58 }), /58 points/);
  assert.throws(() => networkNamed('toString'), /nose, face58, resnet18-linear/);
});

test('a layer too wide for an engine is refused with a width that fits; one that is slow is said to be', async () => {
  const settings = newSettings('face58', true, {});
  const wasm = await startWasm();
  assert.match(checkWidth(settings, wasm) ?? '', /--width 2000/);
  assert.equal(checkWidth({ ...settings, width: 500 }, wasm), undefined);
  const device = { limits: { maxStorageBufferBindingSize: 128 * 2 ** 20 } };
  const webgpu = {
    ...wasm,
    name: 'webgpu' as const,
    tf: { ...wasm.tf, backend: () => ({ device }) as never },
  };
  assert.throws(() => checkWidth(settings, webgpu), /128 MiB in a piece: give --width 6990 /);
  assert.ok(checkWidth({ ...settings, width: 6990 }, webgpu));
});

test('the gradients of nose are the same on wasm as on cpu', async () => {
  const { inputs, parameters, network } = await build('nose', { schema: NOSE }, 80, 60);
  const names = [...parameters.keys()];
  const gradients = (engine: Engine) => {
    const { tf } = engine;
    const { grads } = tf.tidy(() => {
      const truth = {
        points: tf.tensor2d([0.4, 0.6, 0.5, 0.3], [2, 2]),
        known: tf.tensor2d([1, 1], [2, 1]),
        presence: tf.tensor2d([1, 1], [2, 1]),
      };
      const lossOf = (...weights: Tensor[]): Scalar => {
        const tensors = new Map(names.map((name, i) => [name, weights[i]]));
        const layers = new GradientLayers(engine, 'train', tensors);
        const outputs = network<Tensor>(layers, tf.tensor(inputs, [2, 60, 80, 1]));
        return objectiveLoss(tf, outputs, truth, { objective: 'mse', loss: DEFAULT_LOSS });
      };
      return tf.valueAndGrads(lossOf)(
        [...parameters.values()].map(({ values, shape }) => tf.tensor(values, [...shape])),
      );
    });
    return grads.map((gradient) => Float32Array.from(gradient.dataSync()));
  };
  const expected = gradients(await startCpu());
  const actual = gradients(await startWasm());
  names.forEach((name, n) => {
    const largest = expected[n].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(largest > 0, `${name} has a gradient`);
    expected[n].forEach((value, i) =>
      assert.ok(Math.abs(value - actual[n][i]) < 1e-3 * largest, `${name}[${i}]`),
    );
  });
});
