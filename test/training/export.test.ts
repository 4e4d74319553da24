import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { ModelRunner } from '../../training/src/export/model-runner.ts';
import { modelCard } from '../../training/src/export/card.ts';
import { foldLayers } from '../../training/src/export/fold.ts';
import { FoldedNetwork } from '../../training/src/export/folded-network.ts';
import { modelFileOf, readModelFile, writeModelFile } from '../../training/src/export/model-file.ts';
import { quantizeKernel, quantizeLayers } from '../../training/src/export/quantize.ts';
import { sourceOfModel } from '../../training/src/export/source.ts';
import type { LandmarkNetwork } from '../../training/src/models/layers.ts';
import { readInitialLayers } from '../../training/src/trainer/initial.ts';
import { sizeOf, type Parameters } from '../../training/src/models/parameters.ts';
import { buildState, Predictor } from '../../training/src/trainer/model-state.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { tinyNetwork } from './support.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'export-'))));
after(() => rm(folder, { recursive: true }));

const SIZE = 32;
const random = randomOf(9);
const crops = Float32Array.from({ length: 3 * SIZE * SIZE }, () => random.normal());
const about = {
  name: 'tiny',
  inputSize: SIZE,
  cropFactor: 1.3,
  data: ['noise'],
  terms: 'none',
  measured: null,
};

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

test('the exported file computes what the trained network does, to quantization', async () => {
  const engine = await startWasm();
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 1, layers: new Map() });
  // Weights that matter in every layer, or a missing one would go unnoticed.
  for (const [name, { values }] of parameters) {
    if (/logit|difficulty|gamma|beta|bias/.test(name))
      values.forEach((value, i) => (values[i] = value + 0.3 * random.normal()));
  }
  await writeModelFile(folder, modelFileOf(tinyNetwork, quantizeLayers(foldLayers(parameters)), about));
  const model = await ModelRunner.load(engine, await readModelFile(folder));
  const float = await new Predictor(engine, tinyNetwork, parameters).predict(crops, SIZE);
  const quantized = await model.predict(crops);
  for (const [output, count] of [
    ['keypoints', 136],
    ['spread', 68],
    ['presence', 1],
  ] as const) {
    assert.equal(quantized[output].length, 3 * count);
    const range = Math.max(...float[output]) - Math.min(...float[output]);
    assert.ok(range > 0.05, `${output} differ enough for the comparison to mean something: ${range}`);
    assert.ok(meanDifference(quantized[output], float[output]) < range / 50, output);
  }

  const shifted = { ...about, markupShift: 0.05 };
  await writeModelFile(folder, modelFileOf(tinyNetwork, quantizeLayers(foldLayers(parameters)), shifted));
  const right = await (await ModelRunner.load(engine, await readModelFile(folder))).predict(crops);
  right.keypoints.forEach((value, i) => {
    const expected = quantized.keypoints[i] + (i % 2 === 0 ? 0.05 : 0);
    assert.ok(Math.abs(value - expected) < 1e-5, 'points are said further right, not lower');
  });
  assert.deepEqual(right.spread, quantized.spread);
});

test('an exported model starts a new run as the same layers', async () => {
  const engine = await startWasm();
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 2, layers: new Map() });
  await writeModelFile(folder, modelFileOf(tinyNetwork, quantizeLayers(foldLayers(parameters)), about));
  const layers = await readInitialLayers(folder);
  for (const [name, { kernel, bias }] of foldLayers(parameters)) {
    const read = layers.get(name);
    assert.ok(read?.kernel, `${name} has a kernel`);
    const largest = kernel.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    assert.ok(meanDifference(read.kernel, kernel) <= largest * 0.005, name);
    assert.deepEqual(read.bias, bias);
  }
  const restarted = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 5, layers });
  const said = (of: Parameters) => new Predictor(engine, tinyNetwork, of).predict(crops, SIZE);
  const { keypoints: before } = await said(parameters);
  const { keypoints: after } = await said(restarted.parameters);
  // The running statistics of a new run are those of its first batch, here the same crops.
  assert.ok(meanDifference(after, before) < 0.005, `${meanDifference(after, before)}`);
});

test('each channel is quantized within half a step of its own scale, but for what is clipped', () => {
  const kernel = Float32Array.from({ length: 200 }, (_, i) => random.normal() * (i % 2 === 0 ? 1 : 0.01));
  const { levels, scale } = quantizeKernel(kernel, 2);
  assert.ok(scale[1] < scale[0] / 20);
  kernel.forEach((weight, i) => {
    const clipped = Math.abs(levels[i]) === 127;
    assert.ok(clipped || Math.abs(weight - levels[i] * scale[i % 2]) <= scale[i % 2] / 2 + 1e-7);
  });
});

test('the published model is read back as it runs, and says how large it is', async () => {
  const engine = await startWasm();
  const path = new URL('../../public/models/resnet18', import.meta.url).pathname;
  const { network, layers, about } = await sourceOfModel(path);
  const size = about.inputSize;
  const crop = Float32Array.from({ length: size * size }, () => random.normal());
  const runner = await ModelRunner.load(engine, await readModelFile(path));
  const [shipped, read] = [
    await runner.predict(crop),
    new FoldedNetwork(engine, network, layers).predict(crop, size),
  ];
  runner.dispose();
  assert.ok(meanDifference(shipped.keypoints, read.keypoints) < 1e-5);
  assert.ok(meanDifference(shipped.spread, read.spread) < 1e-5);
  assert.ok(meanDifference(shipped.presence, read.presence) < 1e-5);
});

test('kernels lie together at the front of the file, and every weight where the manifest says', async () => {
  const engine = await startWasm();
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 1, layers: new Map() });
  const { json, weights } = modelFileOf(tinyNetwork, quantizeLayers(foldLayers(parameters)), about);
  const entries = json.weightsManifest[0].weights;
  const firstFloat = entries.findIndex(({ quantization }) => !quantization);
  assert.ok(firstFloat > 0 && entries.slice(firstFloat).every(({ quantization }) => !quantization));
  const bytes = entries.map(({ shape, quantization }) => sizeOf(shape) * (quantization ? 1 : 4));
  assert.equal(
    bytes.reduce((sum, count) => sum + count, 0),
    weights.length,
  );
});

test('the card shows size, levels and calibration where they are known', () => {
  const described = {
    ...about,
    quantization: {
      method: 'feedback' as const,
      levels: { first: 91, deep: 3 },
      bytes: { plain: 11.7e6, gzip: 2.3e6, brotli: 2.1e6 },
    },
    calibration: {
      law: 'weibull' as const,
      shape: 1.6,
      split: 'val',
      faces: 138,
      median: 0.89,
      ninetieth: 1.87,
    },
    training: { crops: 90112, seed: 1, engine: 'wasm' },
  };
  const quantized = quantizeLayers(new Map());
  const card = modelCard(modelFileOf(stubNetwork, quantized, described));
  for (const text of ['2.3 MB gzip', '3 to 91 levels', 'below 1.87 times', '90112 crops', 'Not measured'])
    assert.ok(card.includes(text), text);
  assert.doesNotMatch(modelCard(modelFileOf(stubNetwork, quantized, about)), /undefined|gzip|Markup/);
  const training = { ...described.training, continued: true, taught: true };
  assert.match(
    modelCard(modelFileOf(stubNetwork, quantized, { ...about, training })),
    /went on from earlier weights: 90112 crops.*corrected by a teacher/,
  );
  const shifted = modelFileOf(stubNetwork, quantized, { ...about, markupShift: -0.0028 });
  assert.match(modelCard(shifted), /0\.28 % of the crop further left/);
  const drawn = modelFileOf(stubNetwork, quantized, { ...about, data: ['synthetic'] });
  assert.match(modelCard(drawn), /no use on real ones/);
  assert.doesNotMatch(modelCard(modelFileOf(stubNetwork, quantized, { ...about, data: ['lfpw'] })), /no use/);
});

/** Nothing but inputs and outputs. */
const stubNetwork: LandmarkNetwork = (_layers, crop) => ({ keypoints: crop, spread: crop, presence: crop });
