import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnnotations } from '../datasets/annotations.ts';
import { startEngine } from '../engines/choose.ts';
import { cutFaces, predictFaces } from '../evaluation/face-predictions.ts';
import { summarize } from '../evaluation/metrics.ts';
import { activationRanges, roundActivations } from '../export/activation-ranges.ts';
import { calibrationCrops } from '../export/calibration-crops.ts';
import { modelCard } from '../export/card.ts';
import { compressedSize } from '../export/compressed-size.ts';
import {
  choose,
  levelsUsed,
  pointOf,
  type CurvePoint,
  type Goal,
  type Measurements,
} from '../export/curve.ts';
import type { FoldedLayer } from '../export/fold.ts';
import { FoldedNetwork } from '../export/folded-network.ts';
import { modelFileOf, writeModelFile, type ModelDescription } from '../export/model-file.ts';
import { dequantizeLayers, quantizeLayers, type QuantizedLayers } from '../export/quantize.ts';
import { RateDistortion } from '../export/rate-distortion.ts';
import { fitSpread, foldCorrection, spreadLayerOf } from '../export/spread-calibration.ts';
import type { Source } from '../export/source.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { readSource, W300_SETS } from './source-option.ts';

const USAGE = `npm run export -- --run DIR [options]
  --run DIR       folder of a training run
  --model DIR     an exported model instead, to make it smaller or to calibrate it
  --out DIR       where the model goes (default: RUN/model)
  --name NAME     the model's name (default: the network's)
  --data DIR      annotated faces: quantization is fitted on some of their train split, expected errors on --split
  --budget SIZE   with --data: the most accurate file whose weights have this size gzipped, such as 4.2MB
  --loss POINTS   with --data: the smallest file that loses no more than this against float, in points of NME (%)
  --compare       measure rounding to the nearest level as well, for the plot
  --split NAME    what is measured: val (default), train or test; nothing is fitted on test
  --sets A,B      only these sets (default: lfpw,helen,afw where there are any)
  --engine NAME   what computes
Without --budget and --loss every weight keeps 8 bits.`;

const CALIBRATION_CROPS = 512;
/** Hard poses beside the sets that are measured. */
const CALIBRATION_SETS = [...W300_SETS, 'aflw2000'];
/** One in so many training pictures is read for calibration. */
const CALIBRATION_SHARE = 6;
/** Without feedback, the same errors need finer steps. */
const NEAREST_TOLERANCES = [1e-6, 2e-6, 4e-6, 6e-6, 8e-6, 1.2e-5];
/** Activations in 8 bits are recommended where they cost no more, in points of NME. */
const ACTIVATION_LOSS = 0.05;

await main(async () => {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      model: { type: 'string' },
      out: { type: 'string' },
      name: { type: 'string' },
      data: { type: 'string' },
      budget: { type: 'string' },
      loss: { type: 'string' },
      compare: { type: 'boolean', default: false },
      split: { type: 'string', default: 'val' },
      sets: { type: 'string' },
      engine: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.run && !values.model) throw new Error(`which run? Give --run DIR\n${USAGE}`);
  const target = values.out ?? (values.run ? join(values.run, 'model') : undefined);
  if (!target) throw new Error('where to? --model needs an --out DIR');
  const goal = goalOf(values.budget, values.loss);
  if (goal && !values.data) throw new Error('--budget and --loss are measured on faces: give --data DIR');
  const progress = new Progress();
  const source = await readSource(values);
  const about = { ...source.about, name: values.name ?? source.about.name };
  const out = resolve(target);

  const { layers, measured, measurements } = values.data
    ? await measure(source, { ...values, data: values.data, split: values.split }, goal, progress)
    : { layers: quantizeLayers(source.layers), measured: {}, measurements: undefined };
  const made = modelFileOf(source.network, layers, { ...about, ...measured });
  const file = modelFileOf(source.network, layers, {
    ...about,
    ...measured,
    quantization: {
      method: goal ? 'feedback' : 'nearest',
      levels: levelsUsed(layers),
      bytes: compressedSize(made.weights),
    },
  });
  await writeModelFile(out, file);
  await writeFile(join(out, 'card.md'), modelCard(file));
  if (measurements) {
    await writeFile(join(out, 'quantization.json'), JSON.stringify(measurements, null, 2) + '\n');
  }
  const { plain, gzip, brotli } = file.json.userDefinedMetadata.quantization!.bytes;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  progress.line(
    `model.json, card.md and weights.bin (${megabytes(plain)}, gzip ${megabytes(gzip)}, brotli ${megabytes(brotli)}) in ${out}`,
  );
});

interface MeasureOptions {
  readonly data: string;
  readonly split: string;
  readonly sets?: string;
  readonly engine?: string;
  readonly compare: boolean;
}

/** Everything that needs faces: steps, expected errors, the figures of the card. */
async function measure(
  { network, layers, about }: Source,
  options: MeasureOptions,
  goal: Goal | undefined,
  progress: Progress,
): Promise<{
  layers: QuantizedLayers;
  measured: Partial<ModelDescription>;
  measurements?: Measurements;
}> {
  fullPrecision();
  const engine = await startEngine(engineNamed(options.engine), (line) => progress.line(line));
  const { inputSize, cropFactor } = about;
  const { samples } = await readAnnotations(
    resolve(options.data),
    ({ split, set }) => split === options.split && (options.sets?.split(',').includes(set) ?? true),
  );
  const w300 = samples.filter(({ set }) => W300_SETS.includes(set));
  const faces = cutFaces(!options.sets && w300.length > 0 ? w300 : samples, inputSize, cropFactor);
  const measureLayers = (these: ReadonlyMap<string, FoldedLayer>, hooks = {}) => {
    const runner = new FoldedNetwork(engine, network, these);
    const predictions = predictFaces(faces, (crops, size) => runner.predict(crops, size, hooks));
    runner.dispose();
    return predictions;
  };
  const nmeOf = (these: ReadonlyMap<string, FoldedLayer>, hooks = {}) =>
    summarize(measureLayers(these, hooks)).nme;
  const float = measureLayers(layers);
  const nmeFloat = summarize(float).nme;
  progress.line(`${faces.samples.length} faces of ${options.split}: NME ${nmeFloat.toFixed(3)} % in float`);

  const crops = await readCalibrationCrops(options, inputSize, cropFactor);
  let quantized = quantizeLayers(layers);
  let measurements: Measurements | undefined;
  if (goal) {
    const model = RateDistortion.fit(engine, network, layers, crops, inputSize, (done, total) =>
      progress.show(`looking at calibration crop ${done}/${total}`),
    );
    const measureNme = (these: QuantizedLayers) => nmeOf(dequantizeLayers(these));
    const report = ({ gzip, nme }: CurvePoint) =>
      progress.line(`  ${(gzip / 1e6).toFixed(2)} MB gzip: NME ${nme.toFixed(3)} %`);
    const uint8 = pointOf(quantized, null, measureNme);
    report(uint8);
    const { chosen, curve, layers: best } = choose(model, goal, nmeFloat, measureNme, report);
    quantized = best;
    const nearest = (options.compare ? NEAREST_TOLERANCES : []).map((tolerance) => {
      const point = pointOf(model.quantize(tolerance, 'nearest'), tolerance, measureNme);
      report(point);
      return point;
    });
    measurements = {
      split: options.split,
      faces: faces.samples.length,
      nmeFloat,
      chosen,
      feedback: curve,
      nearest,
      uint8,
    };
  }
  // Of the network as it is stored, so that what rounding does to the spread is made good as well.
  const fitted =
    options.split === 'test' || spreadLayerOf(quantized) === undefined
      ? undefined
      : fitSpread(
          measureLayers(dequantizeLayers(quantized)).flatMap(({ pairs }) => pairs),
          options.split,
          faces.samples.length,
        );
  if (fitted) quantized = foldCorrection(quantized, fitted.correction);

  const stored = dequantizeLayers(quantized);
  const nmeQuantized = nmeOf(stored);
  const runner = new FoldedNetwork(engine, network, stored);
  const ranges = activationRanges(runner, crops, inputSize);
  runner.dispose();
  const activationLoss = nmeOf(stored, roundActivations(ranges)) - nmeQuantized;
  progress.line(
    `NME ${nmeQuantized.toFixed(3)} % quantized; activations in 8 bits as well: ${activationLoss >= 0 ? '+' : ''}${activationLoss.toFixed(3)}`,
  );
  return {
    layers: quantized,
    measurements,
    measured: {
      measured: {
        split: options.split,
        faces: faces.samples.length,
        nmeFloat: round(nmeFloat),
        nmeQuantized: round(nmeQuantized),
        nmeActivations8: round(nmeQuantized + activationLoss),
      },
      calibration: fitted?.calibration,
      ...(activationLoss <= ACTIVATION_LOSS && {
        activationRanges: Object.fromEntries(
          Object.entries(ranges).map(([name, range]) => [name, Number(range.toPrecision(4))]),
        ),
      }),
    },
  };
}

async function readCalibrationCrops(
  { data, sets }: MeasureOptions,
  size: number,
  cropFactor: number,
): Promise<Float32Array> {
  const wanted = sets?.split(',');
  const read = async (usable: (set: string) => boolean, share: number) => {
    let seen = 0;
    const { samples } = await readAnnotations(
      resolve(data),
      ({ split, set }) => split === 'train' && usable(set) && seen++ % share === 0,
    );
    return samples;
  };
  const samples = await read((set) => (wanted ?? CALIBRATION_SETS).includes(set), CALIBRATION_SHARE).catch(
    () => read(() => true, 1),
  );
  return calibrationCrops(samples, CALIBRATION_CROPS, size, cropFactor);
}

function goalOf(budget: string | undefined, loss: string | undefined): Goal | undefined {
  if (budget !== undefined && loss !== undefined) throw new Error('give either --budget or --loss');
  if (budget !== undefined) {
    const match = /^([\d.]+) ?(k|M)?B?$/i.exec(budget);
    const unit = { k: 1e3, m: 1e6 }[match?.[2]?.toLowerCase() ?? ''] ?? 1;
    const bytes = Number(match?.[1]) * unit;
    if (!(bytes > 0)) throw new Error(`--budget should be a size such as 4.2MB, not "${budget}"`);
    return { bytes };
  }
  if (loss === undefined) return undefined;
  const points = Number(loss);
  if (!(points > 0))
    throw new Error(`--loss should be points of NME above zero, such as 0.03, not "${loss}"`);
  return { loss: points };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
