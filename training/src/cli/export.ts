import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { READERS } from '../datasets/readers/formats.ts';
import { READ_AT_ONCE, startEngine } from '../engines/choose.ts';
import { modelCard } from '../export/card.ts';
import { averageOf } from '../export/average.ts';
import { compressedSize } from '../export/compressed-size.ts';
import { levelsUsed, type Goal } from '../export/curve.ts';
import { fitToFaces, type Fitted } from '../export/fit-to-faces.ts';
import { modelFileOf, withQuantization, writeModelFile } from '../export/model-file.ts';
import { quantizeLayers } from '../export/quantize.ts';
import type { Source } from '../export/source.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { readFaces, readTrainingFaces, type FaceOptions } from './export-faces.ts';
import { MODEL_FOLDER } from '../trainer/run-folder.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { readSource, runOrModel } from './source-option.ts';

const USAGE = `npm run export -- --run DIR [options]
  --run DIR       folder of a training run
  --model DIR     an exported model instead, to make it smaller or to calibrate it
  --average PATH  a run or a model from the same start, whose weights are averaged with these; may be given again
  --out DIR       where the model goes (default: RUN/model)
  --name NAME     the model's name (default: the run's folder, or as the model has it)
  --data DIR      annotated faces: quantization and expected errors are fitted on their train split, the latter's scale on --split
  --format NAME   ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --budget SIZE   with --data: the most accurate file whose weights have this size gzipped, such as 4.2MB
  --loss POINTS   with --data: the smallest file that loses no more than this against float, in points of NME (%)
  --compare       measure coarser steps and rounding to the nearest level as well, for the plot
  --split NAME    what is measured: val (default), train or test; nothing is fitted on test
  --sets A,B      only these sets (default: lfpw,helen,afw where there are any)
  --engine NAME   what computes
Without --budget and --loss every weight keeps 8 bits.`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      model: { type: 'string' },
      average: { type: 'string', multiple: true, default: [] },
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
  const target = values.out ?? (values.run ? join(values.run, MODEL_FOLDER) : undefined);
  if (!target) throw new Error('where to? --model needs an --out DIR');
  const goal = goalOf(values.budget, values.loss);
  if (goal && !values.data) throw new Error('--budget and --loss are measured on faces: give --data DIR');
  if (goal && values.split === 'test')
    throw new Error('nothing is chosen on the test split: leave out --split');
  const progress = new Progress();
  const others = await Promise.all(values.average.map(runOrModel));
  const source = averageOf([await readSource(values), ...others]);
  const name = values.name ?? (values.run ? basename(resolve(values.run)) : source.about.name);
  const about = { ...source.about, name };
  const out = resolve(target);

  const { layers, description, measurements }: Fitted = values.data
    ? await fit(source, { ...values, data: values.data }, goal, progress)
    : { layers: quantizeLayers(source.layers), description: {} };
  const made = modelFileOf(source.network, layers, { ...about, ...description });
  const bytes = compressedSize(made.weights);
  const method = goal ? 'feedback' : 'nearest';
  const file = withQuantization(made, { method, levels: levelsUsed(layers), bytes });
  await writeModelFile(out, file);
  await writeFile(join(out, 'card.md'), modelCard(file));
  if (measurements) {
    await writeFile(join(out, 'quantization.json'), JSON.stringify(measurements, null, 2) + '\n');
  }
  const { plain, gzip, brotli } = bytes;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  progress.line(
    `model.json, card.md and weights.bin (${megabytes(plain)}, gzip ${megabytes(gzip)}, brotli ${megabytes(brotli)}) in ${out}`,
  );
});

interface FitOptions extends FaceOptions {
  readonly engine?: string;
  readonly compare: boolean;
}

async function fit(
  source: Source,
  options: FitOptions,
  goal: Goal | undefined,
  progress: Progress,
): Promise<Fitted> {
  const { data, split } = options;
  const samples = await readFaces(options, progress);
  const training = await readTrainingFaces(options);
  if (goal && !training)
    throw new Error(`--budget and --loss need faces to fit on: ${data} has no train split`);
  fullPrecision();
  using engine = await startEngine(engineNamed(options.engine), (line) => progress.line(line), READ_AT_ONCE);
  return await fitToFaces(engine, source, { split, samples, training }, goal, options.compare, progress);
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
