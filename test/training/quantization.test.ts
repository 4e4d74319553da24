import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs';
import type { Sample } from '../../training/src/datasets/sample.ts';
import type { Engine } from '../../training/src/engines/engine.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { prepareFaces } from '../../training/src/evaluation/on-samples.ts';
import { activationRanges, roundActivations } from '../../training/src/export/activation-ranges.ts';
import { Bench } from '../../training/src/export/bench.ts';
import { calibrationCrops } from '../../training/src/export/calibration-crops.ts';
import { chooseLevels } from '../../training/src/export/choose-levels.ts';
import { cholesky } from '../../training/src/export/cholesky.ts';
import { choose, levelsUsed } from '../../training/src/export/curve.ts';
import {
  prepareFeedback,
  roundToNearest,
  roundWithFeedback,
} from '../../training/src/export/error-feedback.ts';
import { foldLayers, type FoldedLayer } from '../../training/src/export/fold.ts';
import { FoldedNetwork } from '../../training/src/export/folded-network.ts';
import { layerStatistics } from '../../training/src/export/layer-statistics.ts';
import { plotMeasurements } from '../../training/src/export/plot.ts';
import {
  dequantizeLayers,
  quantizeLayers,
  type QuantizedLayers,
} from '../../training/src/export/quantize.ts';
import { RateDistortion } from '../../training/src/export/rate-distortion.ts';
import { foldCorrection } from '../../training/src/export/spread-calibration.ts';
import { faceCropInput } from '../../training/src/inputs/face-crop.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { buildState, Predictor } from '../../training/src/trainer/model-state.ts';
import { noiseFaces, tinyNetwork } from './support.ts';

const SIZE = 32;
let engine: Engine;
let crops: Float32Array;
let layers: Map<string, FoldedLayer>;
let float: Float32Array;

before(async () => {
  engine = await startWasm();
  crops = calibrationCrops(noiseFaces(6), 48, SIZE, 1.3);
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 4, layers: new Map() });
  const random = randomOf(8);
  for (const [name, { values }] of parameters) {
    if (/logit|difficulty|gamma|beta|bias/.test(name))
      values.forEach((value, i) => (values[i] = value + 0.3 * random.normal()));
  }
  layers = foldLayers(parameters);
  ({ keypoints: float } = await new Predictor(engine, tinyNetwork, parameters).predict(crops, SIZE));
});

function outputs(these: ReadonlyMap<string, FoldedLayer>, hooks = {}) {
  const network = new FoldedNetwork(engine, tinyNetwork, these);
  const predictions = network.predict(crops, SIZE, hooks);
  network.dispose();
  return predictions;
}

const squares = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

test('folded layers compute what the trained network does', () => {
  assert.ok(Math.sqrt(squares(outputs(layers).keypoints, float) / float.length) < 1e-5);
});

test('calibration crops are the same each time', () => {
  assert.deepEqual(calibrationCrops(noiseFaces(6), 48, SIZE, 1.3), crops);
});

/** Of `count` crops, those that change when this face's picture does: its own. */
function cropsOf(face: number, faces: readonly Sample[], count: number): number[] {
  const [side, pixels] = [16, 256];
  const image = { ...faces[face].image, data: noiseFaces(faces.length + 1).at(-1)!.image.data };
  const changed = faces.map((sample, i) => (i === face ? { ...sample, image } : sample));
  const [before, after] = [faces, changed].map((these) => calibrationCrops(these, count, side, 1.3));
  return Array.from({ length: count }, (_, i) => i).filter((i) =>
    before.subarray(i * pixels, (i + 1) * pixels).some((value, k) => value !== after[i * pixels + k]),
  );
}

test('calibration crops come from all over the faces; each face is shown, and not only what lies beside it', () => {
  // Every fourth crop holds no face.
  const isShown = (crop: number) => crop % 4 !== 3;
  const few = noiseFaces(8);
  few.forEach((_, face) => {
    const own = cropsOf(face, few, 64);
    assert.equal(own.filter(isShown).length, 6, `face ${face}`);
    assert.equal(own.length, 8, `face ${face}`);
  });
  const many = noiseFaces(90);
  const used = many.flatMap((_, face) => (cropsOf(face, many, 16).some(isShown) ? [face] : []));
  assert.equal(used.length, 12);
  used.forEach((face, i) => assert.ok(Math.abs(face - i * 7.5) < 1, `${used}`));
});

test('the Cholesky factor gives the matrix again, across blocks', () => {
  const n = 200;
  const random = randomOf(2);
  const root = Float32Array.from({ length: n * n }, () => random.normal());
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = i === j ? 10 : 0;
      for (let k = 0; k < n; k++) sum += root[i * n + k] * root[j * n + k];
      matrix[i * n + j] = sum;
    }
  const factor = cholesky(engine, matrix, n);
  for (let i = 0; i < n; i += 7)
    for (let j = 0; j < n; j += 5) {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += factor[i * n + k] * factor[j * n + k];
      assert.ok(Math.abs(sum - matrix[i * n + j]) < 0.02, `${i}, ${j}`);
    }
  assert.throws(() => cholesky(engine, new Float32Array(4), 2), /positive definite/);
});

test('error feedback: nothing to gain from independent inputs, much from those that go together', () => {
  const n = 150;
  const channels = 3;
  const random = randomOf(6);
  const kernel = Float32Array.from({ length: n * channels }, () => random.normal());
  const step = Float32Array.from({ length: channels }, () => 0.7);
  const covariance = (together: number) =>
    Float32Array.from({ length: n * n }, (_, i) => together ** Math.abs(Math.floor(i / n) - (i % n)));
  const nearest = roundToNearest(kernel, step);
  const alone = prepareFeedback(engine, covariance(0));
  assert.deepEqual(roundWithFeedback(engine, kernel, step, alone), nearest);

  const shared = covariance(0.95);
  const outputError = (levels: Int8Array) => {
    let sum = 0;
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const error = (at: number) => levels[at * channels + c] * step[c] - kernel[at * channels + c];
          sum += error(i) * error(j) * shared[i * n + j];
        }
    return sum;
  };
  const levels = roundWithFeedback(engine, kernel, step, prepareFeedback(engine, shared));
  assert.ok(outputError(levels) < outputError(nearest) / 3);
});

test('statistics of a layer are those of what it is given', () => {
  const inputs: number[][] = [];
  outputs(layers, {
    input: (name: string, x: Tensor) => {
      if (name === 'logit') inputs.push(...(x.arraySync() as number[][]));
      return x;
    },
  });
  const { mean, covariance, sensitivity } = layerStatistics(engine, tinyNetwork, layers, crops, SIZE).get(
    'logit',
  )!;
  const average = (of: (row: number[]) => number) =>
    inputs.reduce((sum, row) => sum + of(row), 0) / inputs.length;
  const [a, b] = [average((row) => row[2]), average((row) => row[5])];
  assert.ok(Math.abs(mean[2] - a) < 1e-4);
  const expected = average((row) => (row[2] - a) * (row[5] - b));
  assert.ok(Math.abs(covariance[2 * mean.length + 5] - expected) < 1e-3 * Math.abs(expected) + 1e-5);
  assert.ok(sensitivity.every((value) => value > 0));
});

test('a channel’s sensitivity is what noise in it does to the outputs', () => {
  // In the units that the outputs are weighed in.
  const weighed = (hooks = {}) => {
    const { keypoints, spread, presence } = outputs(layers, hooks);
    return Float32Array.of(
      ...keypoints.map((value) => 3 * value),
      ...spread.map((value) => 0.1 * Math.log(value)),
      ...presence.map((value) => 0.3 * Math.log(value / (1 - value))),
    );
  };
  const still = weighed();
  const [step, draws, cropCount] = [0.01, 16, 48];
  const random = randomOf(3);
  const measured = (layer: string, channel: number) => {
    const output = (name: string, y: Tensor) => {
      if (name !== layer) return y;
      const channels = y.shape.at(-1) ?? 1;
      const noise = Float32Array.from({ length: y.size }, (_, i) =>
        i % channels === channel ? Math.sign(random.uniform() - 0.5) * step : 0,
      );
      return y.add(engine.tf.tensor(noise, y.shape));
    };
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) sum += squares(weighed({ output }), still);
    return sum / step ** 2 / draws / cropCount;
  };
  const statistics = layerStatistics(engine, tinyNetwork, layers, crops, SIZE);
  const compare = (layer: string, channel: number, tolerance: number) => {
    const [said, found] = [statistics.get(layer)!.sensitivity[channel], measured(layer, channel)];
    assert.ok(Math.abs(said / found - 1) < tolerance, `${layer} ${channel}: ${said}, by noise ${found}`);
    return found;
  };
  // Signs are drawn once a crop, which leaves the estimate some chance.
  const found = [2, 3, 5].map((channel) => compare('deep', channel, 0.3));
  assert.ok(found[0] > 5 * found[2], 'and channels differ');
  compare('logit', 0, 0.01);
});

test('presence counts where it is sure as well, or rounding could change its mind', () => {
  const sensitivityAt = (logit: number) => {
    const layer = layers.get('logit')!;
    const these = new Map(layers).set('logit', {
      ...layer,
      kernel: layer.kernel.map(() => 0),
      bias: Float32Array.of(logit),
    });
    return layerStatistics(engine, tinyNetwork, these, crops, SIZE).get('logit')!.sensitivity[0];
  };
  const undecided = sensitivityAt(0);
  assert.ok(undecided > 0);
  for (const logit of [8, -8]) assert.ok(Math.abs(sensitivityAt(logit) / undecided - 1) < 0.1);
});

test('a larger tolerance gives fewer levels and a larger error; feedback errs less than the nearest level', () => {
  const statistics = layerStatistics(engine, tinyNetwork, layers, crops, SIZE);
  const model = RateDistortion.fit(engine, layers, statistics);
  const errorOf = (these: QuantizedLayers) => squares(outputs(dequantizeLayers(these)).keypoints, float);
  const total = (these: QuantizedLayers) =>
    Object.values(levelsUsed(these)).reduce((sum, count) => sum + count, 0);
  const [fine, coarse] = [model.quantize(0.003), model.quantize(0.03)];
  assert.ok(total(fine) > 1.5 * total(coarse));
  assert.ok(errorOf(fine) < errorOf(coarse) / 4);
  assert.ok(errorOf(coarse) < errorOf(model.quantize(0.03, 'nearest')));
  for (const { levels } of coarse.values()) assert.ok(levels.every((level) => Math.abs(level) <= 127));
});

test('a channel sixteen times as sensitive has a quarter of the step, and no other channel another', () => {
  const statistics = layerStatistics(engine, tinyNetwork, layers, crops, SIZE);
  const scalesWith = (factor: number) => {
    const { sensitivity, ...others } = statistics.get('deep')!;
    const changed = sensitivity.map((value, c) => (c === 2 ? factor * value : value));
    const these = new Map(statistics).set('deep', { ...others, sensitivity: changed });
    return RateDistortion.fit(engine, layers, these).quantize(0.03);
  };
  const [before, after] = [scalesWith(1), scalesWith(16)];
  for (const [name, { scale }] of before)
    scale.forEach((step, c) => {
      const expected = name === 'deep' && c === 2 ? step / 4 : step;
      const found = after.get(name)!.scale[c];
      assert.ok(Math.abs(found - expected) < 1e-5 * step, `${name} ${c}: ${found}, not ${expected}`);
    });
});

test('what a layer gives on average stays as it was, however coarse its weights', () => {
  const statistics = layerStatistics(engine, tinyNetwork, layers, crops, SIZE);
  const coarse = dequantizeLayers(RateDistortion.fit(engine, layers, statistics).quantize(0.03));
  const means = (layer: string, these: ReadonlyMap<string, FoldedLayer>) => {
    const sums: number[] = [];
    outputs(these, {
      output: (name: string, y: Tensor) => {
        if (name !== layer) return y;
        const mean = y
          .reshape([-1, y.shape.at(-1) ?? 1])
          .mean(0)
          .dataSync();
        // The batches are of 32 and 16 crops.
        mean.forEach((value, c) => (sums[c] = (sums[c] ?? 0) + (value * y.shape[0]) / 48));
        return y;
      },
    });
    return Float32Array.from(sums);
  };
  // Of larger maps, such as those of the first layer, the statistics hold some places only.
  for (const layer of ['deep', 'lateral', 'maps', 'head.difficulty', 'logit']) {
    const { kernel, shape } = coarse.get(layer)!;
    const { bias } = layers.get(layer)!;
    const as = (of: Float32Array) => means(layer, new Map(layers).set(layer, { kernel, shape, bias: of }));
    const before = means(layer, layers);
    const [corrected, left] = [coarse.get(layer)!.bias, bias].map((of) => squares(as(of), before));
    assert.ok(left > 1e-6 * before.length, `${layer}: rounding moves the mean by ${Math.sqrt(left)}`);
    assert.ok(corrected < 1e-4 * left, `${layer}: ${Math.sqrt(corrected)}, else ${Math.sqrt(left)}`);
  }
});

/** Stands in for a network: the loss grows with the tolerance, and levels become few. */
const stub = {
  quantize: (tolerance: number): QuantizedLayers => {
    const random = randomOf(3);
    const most = Math.max(1, Math.min(127, Math.round(2e-4 / tolerance)));
    const levels = Int8Array.from({ length: 20_000 }, () => Math.round(random.between(-most, most)));
    const scale = Float32Array.of(tolerance);
    return new Map([['layer', { shape: [20_000, 1], levels, scale, bias: new Float32Array(1) }]]);
  },
};
const lossOf = (these: QuantizedLayers) => 3 + these.get('layer')!.scale[0] * 500;

test('--loss takes the smallest file within it, --budget the most accurate that fits', () => {
  const byLoss = choose(stub, { loss: 0.03 }, 3, lossOf);
  assert.ok(byLoss.chosen.nme <= 3.03);
  const smaller = byLoss.curve.filter(({ gzip }) => gzip < byLoss.chosen.gzip);
  assert.ok(smaller.length > 0 && smaller.every(({ nme }) => nme > 3.03));

  const byBudget = choose(stub, { bytes: 9000 }, 3, lossOf);
  assert.ok(byBudget.chosen.gzip <= 9000);
  const better = byBudget.curve.filter(({ nme }) => nme < byBudget.chosen.nme);
  assert.ok(better.length > 0 && better.every(({ gzip }) => gzip > 9000));
  assert.throws(() => choose(stub, { bytes: 10 }, 3, lossOf), /not reached/);
  assert.throws(() => choose(stub, { loss: 1e-9 }, 2.9, lossOf), /larger --loss/);
});

test('levels are chosen by what the bench measures, and all that was tried is told', () => {
  const faces = prepareFaces(noiseFaces(6, 'val'), faceCropInput(SIZE, 1.3));
  // Outputs that depend little on the layers before them allow coarse steps there.
  const calm = new Map(
    [...layers].map(([name, layer]) =>
      /maps|logit|difficulty/.test(name)
        ? [name, { ...layer, kernel: layer.kernel.map((value) => value / 50) }]
        : [name, layer],
    ),
  );
  const points: number[] = [];
  const { layers: chosen, measurements } = chooseLevels(
    new Bench(engine, tinyNetwork, faces),
    calm,
    crops,
    { loss: 0.2 },
    true,
    { calibrated: () => {}, point: ({ gzip }) => points.push(gzip) },
  );
  const { nmeFloat, feedback, nearest, uint8 } = measurements;
  assert.equal(points.length, feedback.length + nearest.length + 1);
  assert.ok(measurements.chosen.nme - nmeFloat <= 0.2);
  assert.ok(measurements.chosen.gzip < uint8.gzip);
  assert.ok(feedback.includes(measurements.chosen));
  const nme = new Bench(engine, tinyNetwork, faces).nme(dequantizeLayers(chosen));
  assert.equal(nme, measurements.chosen.nme);
});

test('a corrected spread is what the file itself gives', () => {
  const quantized = quantizeLayers(layers);
  const before = outputs(dequantizeLayers(quantized));
  const after = outputs(dequantizeLayers(foldCorrection(quantized, { offset: 0.4, slope: 1.2 })));
  before.spread.forEach((spread, i) => {
    const expected = Math.exp(0.4 + 1.2 * Math.log(spread));
    assert.ok(Math.abs(after.spread[i] - expected) < 1e-3 * expected);
  });
  assert.deepEqual(after.keypoints, before.keypoints);
  assert.deepEqual(after.presence, before.presence);
});

test('activations in 8 bits stay close, and their ranges hold what was seen', () => {
  const network = new FoldedNetwork(engine, tinyNetwork, layers);
  const ranges = activationRanges(network, crops, SIZE);
  network.dispose();
  assert.deepEqual(Object.keys(ranges).sort(), [...layers.keys()].sort());
  const rounded = squares(outputs(layers, roundActivations(ranges)).keypoints, float);
  assert.ok(rounded > 0);
  const coarse = Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, range * 40]));
  assert.ok(rounded < squares(outputs(layers, roundActivations(coarse)).keypoints, float) / 10);
});

test('the plot shows every point within its axes, and which was chosen', () => {
  const point = (gzip: number, nme: number) => ({ tolerance: 1e-5, gzip, nme });
  const svg = plotMeasurements({
    split: 'val',
    faces: 138,
    nmeFloat: 3.5,
    chosen: point(2.3e6, 3.52),
    feedback: [point(3.3e6, 3.501), point(2.3e6, 3.52), point(1.9e6, 3.53)],
    nearest: [point(4e6, 3.6), point(3e6, 4.5)],
    uint8: { tolerance: null, gzip: 10.3e6, nme: 3.5 },
  });
  assert.equal(svg.match(/<circle class="main dot"/g)?.length, 4);
  assert.equal(
    svg.match(/<circle class="other dot"/g)?.length,
    2,
    'the 8-bit point ends both; one is off the chart',
  );
  assert.match(svg, /2\.3 MB, \+0\.020/);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.doesNotMatch(svg, /NaN|undefined/);
});
