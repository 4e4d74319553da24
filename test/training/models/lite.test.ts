import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { foldLayers } from '../../../training/src/export/fold.ts';
import { FoldedNetwork } from '../../../training/src/export/folded-network.ts';
import { compressedSize } from '../../../training/src/export/compressed-size.ts';
import { modelFileOf, readModelFile, writeModelFile } from '../../../training/src/export/model-file.ts';
import { ModelRunner } from '../../../training/src/export/model-runner.ts';
import { quantizeLayers } from '../../../training/src/export/quantize.ts';
import { sourceOfModel } from '../../../training/src/export/source.ts';
import { productNetworkNamed } from '../../../training/src/models/networks.ts';
import { trainableCount } from '../../../training/src/models/parameters.ts';
import { buildState, Predictor } from '../../../training/src/trainer/model-state.ts';
import { randomOf } from '../../../training/src/support/random.ts';

const SIZE = 64;
const random = randomOf(9);
/** Waves of another length and direction in each: what a network says of them differs. */
const crops = Float32Array.from({ length: 6 * SIZE * SIZE }, (_, i) => {
  const [crop, x, y] = [Math.floor(i / SIZE / SIZE), i % SIZE, Math.floor(i / SIZE) % SIZE];
  return Math.sin((x * (crop + 1)) / 12 + crop) + Math.cos((y * (7 - crop)) / 9) + 0.2 * random.normal();
});
const about = {
  name: 'mine',
  network: 'lite',
  inputSize: SIZE,
  cropFactor: 1.3,
  data: ['noise'],
  terms: 'none',
  measured: null,
};

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'lite-'))));
after(() => rm(folder, { recursive: true }));

async function build() {
  const engine = await startWasm();
  const network = productNetworkNamed('lite');
  const { parameters } = await buildState(engine, network, crops, SIZE, { seed: 1, layers: new Map() });
  return { engine, network, parameters };
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

test('a fifth of resnet18’s weights at the most, and a small file before anything is tuned', async () => {
  const { parameters, network } = await build();
  const count = trainableCount(parameters);
  assert.ok(count > 1e6 && count < 2.3e6, `${count} weights`);
  const { weights } = modelFileOf(network, quantizeLayers(foldLayers(parameters)), about);
  const { gzip } = compressedSize(weights);
  assert.ok(gzip < 2.3e6, `${gzip} bytes`);
});

test('through export and back: the file computes what the network does, and is read as the same layers', async () => {
  const { engine, network, parameters } = await build();
  // Weights that matter in every layer, or a missing one would go unnoticed.
  for (const [name, { values }] of parameters) {
    if (/presence|difficulty|gamma|beta|bias/.test(name))
      values.forEach((value, i) => (values[i] = value + 0.1 * random.normal()));
  }
  const quantized = quantizeLayers(foldLayers(parameters));
  await writeModelFile(folder, modelFileOf(network, quantized, about));
  const runner = await ModelRunner.load(engine, await readModelFile(folder));
  const said = await runner.predict(crops);
  runner.dispose();
  const float = await new Predictor(engine, network, parameters).predict(crops, SIZE);
  for (const output of ['keypoints', 'spread', 'presence'] as const) {
    const range = Math.max(...float[output]) - Math.min(...float[output]);
    assert.ok(range > 0.01, `${output} differ enough for the comparison to mean something: ${range}`);
    const difference = meanDifference(said[output], float[output]);
    assert.ok(difference < range / 20, `${output} differ by ${difference} of ${range}`);
  }

  const source = await sourceOfModel(folder);
  assert.equal(source.about.network, 'lite', 'whatever the model is called');
  const again = new FoldedNetwork(engine, source.network, source.layers);
  const read = again.predict(crops, SIZE);
  for (const output of ['keypoints', 'spread', 'presence'] as const)
    assert.ok(meanDifference(said[output], read[output]) < 1e-5, output);
  again.dispose();
});
