import type { Tensor } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { GradientLayers } from '../../../training/src/models/gradient-layers.ts';
import { landmarkHead } from '../../../training/src/models/landmark-head.ts';
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
    ['confidence', 'lateral2', 'lateral3', 'lateral4', 'maps', 'smooth2', 'smooth3'],
  );
  assert.deepEqual(parameters.get('head.confidence/kernel')?.shape, [6, POINTS + 1]);
});
