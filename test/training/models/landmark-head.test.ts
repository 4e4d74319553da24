import type { Tensor } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { GradientLayers } from '../../../training/src/models/gradient-layers.ts';
import { DIFFICULTY, landmarkHead } from '../../../training/src/models/landmark-head.ts';
import type { Parameters } from '../../../training/src/models/parameters.ts';

const POINTS = 5;

/** The head over stages of a crop of 64 px, filled by `fill`. */
async function head(fill: (stage: number, size: number) => number) {
  const engine = await startWasm();
  const { tf } = engine;
  const parameters: Parameters = new Map();
  const outputs = tf.tidy(() => {
    const layers = new GradientLayers(engine, 'build', parameters, new Map(), { seed: 2, layers: new Map() });
    const stages = [16, 8, 4, 2].map((side, i) => {
      const size = 2 * side * side * (i + 3);
      const values = Float32Array.from({ length: size }, (_, k) => fill(i, k));
      return tf.tensor(values, [2, side, side, i + 3]) as Tensor;
    });
    const { keypoints, spread, presence, maps } = landmarkHead(layers, stages, POINTS, 6);
    return Object.entries({ keypoints, spread, presence, maps }).map(
      ([name, tensor]) =>
        [name, { shape: tensor?.shape, values: Array.from(tensor?.dataSync() ?? []) }] as const,
    );
  });
  return { parameters, outputs: Object.fromEntries(outputs) };
}

const waves = (stage: number, i: number) => Math.sin(0.7 * i + stage);

test('points, their expected errors and presence, of maps at an eighth of the crop', async () => {
  const { outputs } = await head(waves);
  assert.deepEqual(Object.fromEntries(Object.entries(outputs).map(([name, { shape }]) => [name, shape])), {
    keypoints: [2, 10],
    spread: [2, 5],
    presence: [2, 1],
    maps: [2, 5, 64],
  });
  assert.ok(outputs.keypoints.values.every((value) => value > 0 && value < 1));
  assert.ok(outputs.spread.values.every((value) => value > 0));
  assert.ok(outputs.presence.values.every((value) => value > 0 && value < 1));
});

test('each map is a distribution, and its point the expected place', async () => {
  const { keypoints, maps } = (await head(waves)).outputs;
  for (let map = 0; map < 2 * POINTS; map++) {
    const cells = maps.values.slice(64 * map, 64 * (map + 1));
    const place = (at: (cell: number) => number) =>
      cells.reduce((sum, p, cell) => sum + p * ((at(cell) + 0.5) / 8), 0);
    assert.ok(Math.abs(cells.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
    assert.ok(Math.abs(keypoints.values[2 * map] - place((cell) => cell % 8)) < 1e-4);
    assert.ok(Math.abs(keypoints.values[2 * map + 1] - place((cell) => Math.floor(cell / 8))) < 1e-4);
  }
});

test('the last three stages are read, the first is not', async () => {
  const base = (await head(waves)).outputs.keypoints.values;
  for (const [stage, matters] of [false, true, true, true].entries()) {
    const changed = await head((at, i) => (at === stage ? waves(at + 1, 2 * i) : waves(at, i)));
    const moved = changed.outputs.keypoints.values.some((value, i) => Math.abs(value - base[i]) > 1e-4);
    assert.equal(moved, matters, `stage ${stage}`);
  }
});

test('layers have names of their own, so that a head can start from another’s weights', async () => {
  const { parameters } = await head(waves);
  const kernels = [...parameters.keys()].filter((name) => name.endsWith('/kernel')).sort();
  assert.deepEqual(
    kernels.map((name) => name.slice('head.'.length, -'/kernel'.length)),
    ['confidence', 'difficulty', 'lateral2', 'lateral3', 'lateral4', 'maps', 'smooth2', 'smooth3'],
  );
  assert.deepEqual(parameters.get('head.confidence/kernel')?.shape, [6, POINTS + 1]);
});

test('a place of the picture that is hard adds to the expected errors of the points there, and moves none', async () => {
  const engine = await startWasm();
  const { tf } = engine;
  const { parameters } = await head(waves);
  const bias = parameters.get(`${DIFFICULTY}/bias`);
  const kernel = parameters.get(`${DIFFICULTY}/kernel`);
  assert.ok(bias && kernel);
  assert.ok(kernel.values.every((value) => value === 0));
  const said = (mode: 'run' | 'train') =>
    tf.tidy(() => {
      const tensors = new Map([...parameters].map(([name, p]) => [name, tf.tensor(p.values, [...p.shape])]));
      const layers = new GradientLayers(engine, mode, parameters, tensors as Map<string, Tensor>);
      const stages = [16, 8, 4, 2].map((side, i) => {
        const values = Float32Array.from({ length: 2 * side * side * (i + 3) }, (_, k) => waves(i, k));
        return tf.tensor(values, [2, side, side, i + 3]) as Tensor;
      });
      const { keypoints, spread } = landmarkHead(layers, stages, POINTS, 6);
      return { keypoints: Array.from(keypoints.dataSync()), spread: Array.from(spread.dataSync()) };
    });
  const before = said('run');
  bias.values[0] = 0.5;
  const everywhere = said('run');
  everywhere.spread.forEach((value, i) =>
    assert.ok(Math.abs(value / before.spread[i] - Math.exp(0.5)) < 1e-4, 'maps sum to one'),
  );
  kernel.values.forEach((_, i) => (kernel.values[i] = Math.cos(i)));
  const somewhere = said('run');
  const factors = somewhere.spread.map((value, i) => value / everywhere.spread[i]);
  assert.ok(Math.max(...factors) > 1.001 * Math.min(...factors), 'it depends on the place');
  assert.deepEqual(somewhere.keypoints, before.keypoints);
});

test('the expected value is the mean of the values by the map; in training no gradient goes back to the map', async () => {
  const engine = await startWasm();
  const { tf } = engine;
  const gradient = (mode: 'run' | 'train') =>
    tf.tidy(() => {
      const layers = new GradientLayers(engine, mode, new Map(), new Map());
      const values = tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]);
      const maps = tf.tensor([0.1, 0.2, 0.3, 0.4, 1, 0, 0, 0], [1, 2, 4]);
      const means = Array.from(layers.expectedValue('x', maps, values).dataSync());
      const back = tf.grad((x: Tensor) => layers.expectedValue('x', x, values))(maps);
      return { means, back: Array.from(back.dataSync()) };
    });
  const { means, back } = gradient('run');
  assert.ok(Math.abs(means[0] - 3) < 1e-6 && Math.abs(means[1] - 1) < 1e-6);
  assert.deepEqual(back, [1, 2, 3, 4, 1, 2, 3, 4]);
  assert.ok(gradient('train').back.every((value) => value === 0));
});
