import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Sample } from '../../training/src/datasets/sample.ts';
import { boxOf } from '../../training/src/datasets/schema.ts';
import type { Engine } from '../../training/src/engines/engine.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { calibrationOf } from '../../training/src/evaluation/calibration.ts';
import { errorPairs, prepareFaces } from '../../training/src/evaluation/on-samples.ts';
import { mean } from '../../training/src/support/statistics.ts';
import { Bench } from '../../training/src/export/bench.ts';
import { calibrationCrops } from '../../training/src/export/calibration-crops.ts';
import type { Goal } from '../../training/src/export/curve.ts';
import { fitToFaces, type FittingFaces } from '../../training/src/export/fit-to-faces.ts';
import { withMarkupShift } from '../../training/src/models/markup-shift.ts';
import { foldLayers, type FoldedLayer } from '../../training/src/export/fold.ts';
import {
  dequantizeLayers,
  quantizeLayers,
  type QuantizedLayers,
} from '../../training/src/export/quantize.ts';
import type { Source } from '../../training/src/export/source.ts';
import { faceCropInput } from '../../training/src/inputs/face-crop.ts';
import { DIFFICULTY } from '../../training/src/models/landmark-head.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { buildState } from '../../training/src/trainer/model-state.ts';
import { noiseFaces, tinyNetwork } from './support.ts';

const SIZE = 32;
/** In a mirror image they are themselves. */
const [CHIN, NOSE] = [8, 30];
let engine: Engine;
let source: Source;
/** The same with points that hang less on each weight, as those of a real network do. */
let calm: Source;
before(async () => {
  engine = await startWasm();
  const crops = calibrationCrops(noiseFaces(6), 48, SIZE, 1.3);
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 4, layers: new Map() });
  const random = randomOf(8);
  for (const [name, { values }] of parameters) {
    if (/beta|bias/.test(name)) values.forEach((_, i) => (values[i] = 0.3 * random.normal()));
  }
  source = {
    network: tinyNetwork,
    layers: foldLayers(parameters),
    about: { name: 'tiny', inputSize: SIZE, cropFactor: 1.3, data: [], terms: 'none', measured: null },
  };
  calm = {
    ...source,
    layers: changed(source.layers, ['maps'], ({ kernel }) =>
      kernel.forEach((value, i) => (kernel[i] = value / 20)),
    ),
  };
});

function changed(
  layers: Source['layers'],
  names: readonly string[],
  change: (copy: FoldedLayer) => void,
): Source['layers'] {
  const result = new Map(layers);
  for (const name of names) {
    const layer = layers.get(name)!;
    const copy = { ...layer, kernel: layer.kernel.slice(), bias: layer.bias.slice() };
    change(copy);
    result.set(name, copy);
  }
  return result;
}

async function fit(faces: Partial<FittingFaces>, goal?: Goal, these: Source = source) {
  const lines: string[] = [];
  const all = { split: 'val', samples: noiseFaces(4, 'val'), ...faces };
  const listener = { line: (text: string) => void lines.push(text), show: () => {} };
  return { ...(await fitToFaces(engine, these, all, goal, false, listener)), lines };
}

function benchOf(samples: readonly Sample[], markupShift?: number): Bench {
  const network = withMarkupShift(tinyNetwork, markupShift);
  return new Bench(engine, network, prepareFaces(samples, faceCropInput(SIZE, 1.3)));
}

/** Faces whose points are what these layers say, but for so many px: there rounding can only cost. */
function knownFaces(count: number, { layers }: Source, off = 0): Sample[] {
  const random = randomOf(count, 9);
  return benchOf(noiseFaces(count, 'val'))
    .results(layers)
    .map(({ sample, predicted }) => ({
      ...sample,
      points: predicted.map((value) => value + off * random.normal()),
      box: boxOf(sample.points ?? []),
      unit: 30,
    }));
}

/** How the layers' expected errors fit the errors, in shares of the crop as a reader of the file computes them. */
function pairsOf(layers: QuantizedLayers, samples: readonly Sample[], markupShift?: number) {
  return benchOf(samples, markupShift)
    .results(dequantizeLayers(layers))
    .flatMap((face) => errorPairs(face, face.span));
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

test('the layers themselves give the expected error, and the quantiles beside them hold', async () => {
  const samples = noiseFaces(40, 'val');
  const { layers, description } = await fit({ samples });
  const pairs = pairsOf(layers, samples);
  const ratio = mean(pairs.map(({ distance, spread }) => distance / spread));
  assert.ok(Math.abs(ratio - 1) < 0.001, `a distance over its spread, on average: ${ratio}`);
  const { law, shape, median, ninetieth } = description.calibration!;
  const said = calibrationOf(pairs, { law, shape });
  assert.ok(Math.abs(said.ratio - 1) < 0.02, `mean distance over mean spread: ${said.ratio}`);
  const within = (limit: number) => mean(pairs.map((p) => (p.distance < limit * p.spread ? 1 : 0)));
  assert.ok(Math.abs(within(median) - 0.5) < 0.06, `${within(median)} within the median`);
  assert.ok(Math.abs(within(ninetieth) - 0.9) < 0.06, `${within(ninetieth)} within the ninetieth percentile`);
});

test('with faces to fit on and a goal the file is smaller, within it, calibrated, and described as it is', async () => {
  const samples = knownFaces(20, calm, 1);
  const all = noiseFaces(12);
  const { layers, measurements, description } = await fit(
    { samples, training: { all, markedByHand: all } },
    { loss: 0.005 },
    calm,
  );
  const { chosen, uint8, nmeFloat, split } = measurements!;
  assert.equal(split, 'val');
  assert.ok(chosen.gzip < uint8.gzip && chosen.nme - nmeFloat <= 0.005);
  const near = (a: number | undefined, b: number) => assert.ok(Math.abs(a! - b) < 0.001, `${a}, not ${b}`);
  const { measured, activationRanges, markupShift } = description;
  near(measured?.nmeFloat, benchOf(samples, markupShift).nme(calm.layers));
  near(measured?.nmeQuantized, benchOf(samples, markupShift).nme(dequantizeLayers(layers)));
  near(measured?.nmeQuantized, chosen.nme);
  assert.ok(measured!.nmeActivations8! - measured!.nmeQuantized <= 0.051);
  assert.deepEqual(Object.keys(activationRanges ?? {}).sort(), [...layers.keys()].sort());
  const pairs = pairsOf(layers, samples, markupShift);
  near(mean(pairs.map(({ distance, spread }) => distance / spread)), 1);
});

test('where hands put all points further right than the network sees them, the model learns how far', async () => {
  const right = 0.02;
  const moved = knownFaces(9, calm).map((face, i) => {
    const { span } = prepareFaces([face], faceCropInput(SIZE, 1.3)).placements[0];
    // One face in nine is marked wrongly.
    const by = span * (i === 4 ? 1 : right);
    return { ...face, points: face.points?.map((value, k) => (k % 2 === 0 ? value + by : value)) };
  });
  const [of, held] = [moved.filter((_, i) => i < 7), moved.slice(7)];
  const { description } = await fit(
    { samples: held, training: { all: of, markedByHand: of } },
    undefined,
    calm,
  );
  assert.ok(Math.abs(description.markupShift! - right) < 2e-3, `${description.markupShift}`);
  assert.ok(benchOf(held, description.markupShift).nme(calm.layers) < 0.2 * benchOf(held).nme(calm.layers));
  const once = { ...calm, network: withMarkupShift(calm.network, description.markupShift) };
  const again = await fit({ samples: held, training: { all: of, markedByHand: of } }, undefined, once);
  assert.equal(again.description.markupShift, description.markupShift, 'of a model that has one already');
  const kept = await fit({}, undefined, { ...calm, about: { ...calm.about, markupShift: 0.01 } });
  assert.equal(kept.description.markupShift, 0.01, 'without faces to fit on it stays');
});

test('expected errors are fitted on the faces marked by hand alone', async () => {
  const all = noiseFaces(8);
  const markedByHand = all.map((face) => ({
    ...face,
    points: face.points?.slice().fill(NaN, 2 * CHIN, 2 * CHIN + 2),
  }));
  const { layers } = await fit({ training: { all, markedByHand } });
  const plain = quantizeLayers(source.layers);
  const levelsOf = (these: QuantizedLayers, landmark: number) =>
    [...these.get(DIFFICULTY)!.levels].filter((_, i) => i % 68 === landmark);
  assert.deepEqual(levelsOf(layers, CHIN), levelsOf(plain, CHIN), 'no face marked by hand shows the chin');
  assert.notDeepEqual(levelsOf(layers, NOSE), levelsOf(plain, NOSE));
});

test('activations in 8 bits are not recommended where they cost too much', async () => {
  const all = noiseFaces(8);
  // One channel of many times the others' size, which does nothing, leaves them no level but zero.
  const loud = changed(calm.layers, ['first', 'lateral'], ({ bias }) => (bias[0] += 1e4));
  const spoiled = changed(loud, ['deep', 'maps', DIFFICULTY], ({ kernel, shape: [, , inputs, outputs] }) =>
    kernel.forEach((value, i) => (kernel[i] = Math.floor(i / outputs) % inputs === 0 ? 0 : value)),
  );
  const about = async (these: Source) => {
    const faces = { samples: knownFaces(8, these), training: { all, markedByHand: all } };
    return (await fit(faces, undefined, these)).description;
  };
  const [cheap, dear] = [await about(calm), await about({ ...calm, layers: spoiled })];

  const cost = ({ measured }: typeof cheap) => measured!.nmeActivations8! - measured!.nmeQuantized;
  assert.ok(cost(cheap) <= 0.05 && cheap.activationRanges, `${cost(cheap)}`);
  assert.ok(cost(dear) > 0.05, `${cost(dear)}`);
  assert.equal(dear.activationRanges, undefined);
});

test('nothing is fitted on the test split', async () => {
  const { layers, description } = await fit({ split: 'test' });
  assert.equal(description.calibration, undefined);
  const plain = quantizeLayers(source.layers);
  for (const [name, { bias }] of layers) assert.deepEqual(bias, plain.get(name)?.bias, name);
});
