import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DatasetError, readAnnotations } from '../datasets/annotations.ts';
import { formatNamed, READERS } from '../datasets/readers/formats.ts';
import type { Sample, Split } from '../datasets/sample.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { startEngine } from '../engines/choose.ts';
import { errorPairs, prepareFaces } from '../evaluation/on-samples.ts';
import { activationRanges, roundActivations } from '../export/activation-ranges.ts';
import { Bench } from '../export/bench.ts';
import { calibrationCrops } from '../export/calibration-crops.ts';
import { modelCard } from '../export/card.ts';
import { chooseLevels } from '../export/choose-levels.ts';
import { compressedSize } from '../export/compressed-size.ts';
import { levelsUsed, type Goal, type Measurements } from '../export/curve.ts';
import type { FoldedLayer } from '../export/fold.ts';
import { FoldedNetwork } from '../export/folded-network.ts';
import {
  modelFileOf,
  writeModelFile,
  type ModelDescription,
  type SpreadCalibration,
} from '../export/model-file.ts';
import { dequantizeLayers, quantizeLayers, type QuantizedLayers } from '../export/quantize.ts';
import type { Source } from '../export/source.ts';
import { fitSpread, foldCorrection, spreadLayerOf } from '../export/spread-calibration.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { readSource } from './source-option.ts';

const USAGE = `npm run export -- --run DIR [options]
  --run DIR       folder of a training run
  --model DIR     an exported model instead, to make it smaller or to calibrate it
  --out DIR       where the model goes (default: RUN/model)
  --name NAME     the model's name (default: the network's)
  --data DIR      annotated faces: quantization is fitted on some of their train split, expected errors on --split
  --format NAME   ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --budget SIZE   with --data: the most accurate file whose weights have this size gzipped, such as 4.2MB
  --loss POINTS   with --data: the smallest file that loses no more than this against float, in points of NME (%)
  --compare       measure coarser steps and rounding to the nearest level as well, for the plot
  --split NAME    what is measured: val (default), train or test; nothing is fitted on test
  --sets A,B      only these sets (default: lfpw,helen,afw where there are any)
  --engine NAME   what computes
Without --budget and --loss every weight keeps 8 bits.`;

/** What is measured where there are any. */
const W300_SETS: readonly string[] = ['lfpw', 'helen', 'afw'];
const CALIBRATION_CROPS = 512;
/** Hard poses beside the sets that are measured. */
const CALIBRATION_SETS = [...W300_SETS, 'aflw2000'];
/** One in so many training pictures is read for calibration. */
const CALIBRATION_SHARE = 6;
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
      format: { type: 'string' },
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
  if (goal && values.split === 'test')
    throw new Error('nothing is chosen on the test split: leave out --split');
  const progress = new Progress();
  const source = await readSource(values);
  const about = { ...source.about, name: values.name ?? source.about.name };
  const out = resolve(target);

  const { layers, description, measurements }: Measured = values.data
    ? await measure(source, { ...values, data: values.data, split: values.split }, goal, progress)
    : { layers: quantizeLayers(source.layers), description: {} };
  const made = modelFileOf(source.network, layers, { ...about, ...description });
  const file = modelFileOf(source.network, layers, {
    ...about,
    ...description,
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
  readonly format?: string;
  readonly split: string;
  readonly sets?: string;
  readonly engine?: string;
  readonly compare: boolean;
}

interface Measured {
  readonly layers: QuantizedLayers;
  readonly description: Partial<ModelDescription>;
  readonly measurements?: Measurements;
}

/** Everything that needs faces: levels, expected errors, the figures of the card. */
async function measure(
  source: Source,
  options: MeasureOptions,
  goal: Goal | undefined,
  progress: Progress,
): Promise<Measured> {
  fullPrecision();
  const engine = await startEngine(engineNamed(options.engine), (line) => progress.line(line));
  const { split } = options;
  const { inputSize, cropFactor } = source.about;
  const samples = await readFaces(options);
  const bench = new Bench(
    engine,
    source.network,
    prepareFaces(samples, faceCropInput(inputSize, cropFactor)),
  );
  const nmeFloat = bench.nme(source.layers);
  progress.line(`${samples.length} faces of ${split}: NME ${nmeFloat.toFixed(3)} % in float`);

  const training = await readTrainingFaces(options);
  const crops = training && calibrationCrops(training, CALIBRATION_CROPS, inputSize, cropFactor);
  if (goal && !crops)
    throw new Error(`--budget and --loss need faces to fit on: ${options.data} has no train split`);
  const chosen =
    goal && crops
      ? chooseLevels(bench, source.layers, crops, goal, options.compare, {
          calibrated: (done, total) => progress.show(`looking at calibration crop ${done}/${total}`),
          point: ({ gzip, nme }) =>
            progress.line(`  ${(gzip / 1e6).toFixed(2)} MB gzip: NME ${nme.toFixed(3)} %`),
        })
      : { layers: quantizeLayers(source.layers), measurements: undefined };

  const { layers, calibration } = calibrateSpread(bench, chosen.layers, split);
  const stored = dequantizeLayers(layers);
  const nmeQuantized = bench.nme(stored);
  const activations = crops && measureActivations(bench, stored, crops, nmeQuantized);
  progress.line(
    `NME ${nmeQuantized.toFixed(3)} % quantized${activations ? `, ${activations.nme.toFixed(3)} % with activations in 8 bits as well` : ''}`,
  );
  return {
    layers,
    measurements: chosen.measurements && { split, ...chosen.measurements },
    description: {
      measured: {
        split,
        faces: samples.length,
        nmeFloat: round(nmeFloat),
        nmeQuantized: round(nmeQuantized),
        ...(activations && { nmeActivations8: round(activations.nme) }),
      },
      calibration,
      ...(activations?.ranges && { activationRanges: activations.ranges }),
    },
  };
}

/** Fitted on the network as it is stored, so that what rounding does to the spread is made good as well. */
function calibrateSpread(
  bench: Bench,
  layers: QuantizedLayers,
  split: string,
): { readonly layers: QuantizedLayers; readonly calibration?: SpreadCalibration } {
  if (split === 'test' || spreadLayerOf(layers) === undefined) return { layers };
  const pairs = bench.results(dequantizeLayers(layers)).flatMap((face) => errorPairs(face, face.span));
  const { correction, calibration } = fitSpread(pairs, split, bench.faces.samples.length);
  return { layers: foldCorrection(layers, correction), calibration };
}

/** NME with 8-bit activations, and their ranges where they cost little. */
function measureActivations(
  bench: Bench,
  layers: ReadonlyMap<string, FoldedLayer>,
  crops: Float32Array,
  nmeBefore: number,
): { readonly nme: number; readonly ranges?: Record<string, number> } {
  const runner = new FoldedNetwork(bench.engine, bench.network, layers);
  const ranges = activationRanges(runner, crops, bench.faces.input.width);
  runner.dispose();
  const nme = bench.nme(layers, roundActivations(ranges));
  if (nme - nmeBefore > ACTIVATION_LOSS) return { nme };
  const short = Object.entries(ranges).map(([name, range]) => [name, Number(range.toPrecision(4))]);
  return { nme, ranges: Object.fromEntries(short) as Record<string, number> };
}

async function readFaces({ data, format, split, sets }: MeasureOptions): Promise<Sample[]> {
  const wanted = sets?.split(',');
  const { samples, schema } = await readAnnotations(
    resolve(data),
    (entry) => entry.split === split && (wanted?.includes(entry.set) ?? true),
    undefined,
    false,
    formatNamed(format),
  );
  if (schema.name !== IBUG68.name) {
    throw new Error(
      `the faces of ${data} have ${schema.count} points (${schema.name}); a model is measured on the 68 of iBUG`,
    );
  }
  const w300 = samples.filter(({ set }) => W300_SETS.includes(set));
  return !wanted && w300.length > 0 ? w300 : samples;
}

/** Some training faces of the sets that matter, or of whatever there is. */
async function readTrainingFaces({ data, format, sets }: MeasureOptions): Promise<Sample[] | undefined> {
  const wanted = sets?.split(',') ?? CALIBRATION_SETS;
  const counts = new Map<boolean, number>();
  const pick = ({ split, set }: { split: Split; set: string }) => {
    if (split !== 'train') return false;
    const known = wanted.includes(set);
    const count = counts.get(known) ?? 0;
    counts.set(known, count + 1);
    return count % CALIBRATION_SHARE === 0;
  };
  try {
    const { samples } = await readAnnotations(resolve(data), pick, undefined, false, formatNamed(format));
    const known = samples.filter(({ set }) => wanted.includes(set));
    return known.length > 0 ? known : samples;
  } catch (error) {
    if (error instanceof DatasetError) return undefined;
    throw error;
  }
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
