import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Engine } from '../../training/src/engines/engine.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { fitToFaces, type FittingFaces } from '../../training/src/export/fit-to-faces.ts';
import { foldLayers } from '../../training/src/export/fold.ts';
import { quantizeLayers } from '../../training/src/export/quantize.ts';
import type { Source } from '../../training/src/export/source.ts';
import { buildState } from '../../training/src/trainer/model-state.ts';
import { noiseFaces, tinyNetwork } from './support.ts';

const SIZE = 32;
let engine: Engine;
let source: Source;
before(async () => {
  engine = await startWasm();
  const crop = new Float32Array(SIZE * SIZE).map((_, i) => Math.sin(i));
  const { parameters } = await buildState(engine, tinyNetwork, crop, SIZE, { seed: 4, layers: new Map() });
  source = {
    network: tinyNetwork,
    layers: foldLayers(parameters),
    about: { name: 'tiny', inputSize: SIZE, cropFactor: 1.3, data: [], terms: 'none', measured: null },
  };
});

async function fit(faces: Partial<FittingFaces>) {
  const lines: string[] = [];
  const all = { split: 'val', samples: noiseFaces(4, 'val'), ...faces };
  const listener = { line: (text: string) => void lines.push(text), show: () => {} };
  return { ...(await fitToFaces(engine, source, all, undefined, false, listener)), lines };
}

test('without a goal every weight keeps 8 bits; errors are measured and the spread is calibrated', async () => {
  const { layers, description, measurements, lines } = await fit({});
  const plain = quantizeLayers(source.layers);
  for (const [name, { levels }] of layers) assert.deepEqual(levels, plain.get(name)?.levels, name);
  assert.equal(measurements, undefined);
  const { measured, calibration, activationRanges } = description;
  assert.equal(measured?.faces, 4);
  assert.ok(measured.nmeFloat > 0 && Math.abs(measured.nmeQuantized - measured.nmeFloat) < 1);
  assert.ok(calibration && calibration.median < calibration.ninetieth);
  assert.equal(activationRanges, undefined, 'ranges come from training faces');
  assert.match(lines[0], /4 faces of val/);
  assert.deepEqual(
    lines.slice(-2).map((line) => line.split(':')[0]),
    ['presence, float', 'presence, quantized'],
  );
});

test('nothing is fitted on the test split', async () => {
  const { layers, description } = await fit({ split: 'test' });
  assert.equal(description.calibration, undefined);
  const plain = quantizeLayers(source.layers);
  for (const [name, { bias }] of layers) assert.deepEqual(bias, plain.get(name)?.bias, name);
});
