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
  const layers = new GradientLayers(engine, 'build', new Map(), { seed: 2, layers: new Map() });
  const outputs = tf.tidy(() => {
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
  const parameters: Parameters = new Map();
  for (const [name, { tensor, trainable }] of layers.built) {
    parameters.set(name, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()), trainable });
    tensor.dispose();
  }
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
    ['difficulty', 'lateral2', 'lateral3', 'lateral4', 'maps', 'presence', 'smooth2', 'smooth3'],
  );
  assert.deepEqual(parameters.get('head.presence/kernel')?.shape, [6, 1]);
  assert.deepEqual(parameters.get(`${DIFFICULTY}/kernel`)?.shape, [1, 1, 6, POINTS]);
});

test('what lies at a point’s place decides its expected error alone, and moves no point', async () => {
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
      const layers = new GradientLayers(engine, mode, tensors as Map<string, Tensor>);
      const stages = [16, 8, 4, 2].map((side, i) => {
        const values = Float32Array.from({ length: 2 * side * side * (i + 3) }, (_, k) => waves(i, k));
        return tf.tensor(values, [2, side, side, i + 3]) as Tensor;
      });
      const { keypoints, spread } = landmarkHead(layers, stages, POINTS, 6);
      return { keypoints: Array.from(keypoints.dataSync()), spread: Array.from(spread.dataSync()) };
    });
  const before = said('run');
  const factorsAfter = (now: ReturnType<typeof said>) =>
    now.spread.map((value, i) => value / before.spread[i]);
  bias.values[2] = 0.5;
  factorsAfter(said('run')).forEach((factor, i) =>
    assert.ok(Math.abs(factor - (i % POINTS === 2 ? Math.exp(0.5) : 1)) < 1e-4, 'maps sum to one'),
  );
  bias.values[2] = 0;
  kernel.values.forEach((_, i) => (kernel.values[i] = i % POINTS === 3 ? 0.1 * Math.cos(i) : 0));
  const seen = said('run');
  const changed = [...factorsAfter(seen).keys()].filter((i) => Math.abs(factorsAfter(seen)[i] - 1) > 1e-4);
  assert.deepEqual(changed, [3, POINTS + 3]);
  assert.notEqual(seen.spread[3].toFixed(4), seen.spread[POINTS + 3].toFixed(4), 'it depends on the crop');
  assert.deepEqual(seen.keypoints, before.keypoints);
});

test('expected values are means of each map’s own values; in training no gradient goes back to the map', async () => {
  const engine = await startWasm();
  const { tf } = engine;
  const gradient = (mode: 'run' | 'train') =>
    tf.tidy(() => {
      const layers = new GradientLayers(engine, mode, new Map());
      const values = tf.tensor([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2]);
      const maps = tf.tensor([0.1, 0.2, 0.3, 0.4, 1, 0, 0, 0], [1, 2, 4]);
      const means = Array.from(layers.expectedValues('x', maps, values).dataSync());
      const back = tf.grad((x: Tensor) => layers.expectedValues('x', x, values))(maps);
      return { means, back: Array.from(back.dataSync()) };
    });
  const { means, back } = gradient('run');
  assert.ok(Math.abs(means[0] - 3) < 1e-6 && Math.abs(means[1] - 10) < 1e-6);
  assert.deepEqual(back, [1, 2, 3, 4, 10, 20, 30, 40]);
  assert.ok(gradient('train').back.every((value) => value === 0));
});
