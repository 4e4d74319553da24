import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnnotations } from '../datasets/annotations.ts';
import { startEngine } from '../engines/choose.ts';
import { evaluateOnCrops } from '../evaluation/on-crops.ts';
import { summarize } from '../evaluation/metrics.ts';
import { ModelRunner } from '../evaluation/model-runner.ts';
import { modelCard, SYNTHETIC_TERMS, W300_TERMS } from '../export/card.ts';
import { makeModelFile, writeModelFile } from '../export/model-file.ts';
import { productNetworkNamed } from '../models/networks.ts';
import { averagedParameters, Predictor } from '../trainer/model-state.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { RunFolder } from './run-folder.ts';

const USAGE = `npm run export -- --run DIR [options]
  --run DIR       folder of a training run
  --out DIR       where the model goes (default: RUN/model)
  --name NAME     the model's name (default: the network's)
  --data DIR      annotated faces to measure the float and the quantized model on
  --split NAME    val (default), train or test
  --sets A,B      only these sets (default: lfpw,helen,afw where there are any)
  --engine NAME   what computes`;

const W300_SETS = ['lfpw', 'helen', 'afw'];

await main(async () => {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      out: { type: 'string' },
      name: { type: 'string' },
      data: { type: 'string' },
      split: { type: 'string', default: 'val' },
      sets: { type: 'string' },
      engine: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.run) throw new Error(`which run? Give --run DIR\n${USAGE}`);
  const progress = new Progress();
  const folder = new RunFolder(resolve(values.run));
  const checkpoint = await folder.checkpoint();
  if (!checkpoint)
    throw new Error(`${folder.path} holds no last.checkpoint; \`npm run train\` writes one after each epoch`);
  const run = await folder.description();
  const network = productNetworkNamed(checkpoint.network, checkpoint.settings);
  const parameters = averagedParameters(checkpoint.state);
  const { size, cropFactor } = checkpoint.settings;
  const sets = Object.keys(run.faces).filter((set) => set !== 'negatives');
  const about = {
    name: values.name ?? checkpoint.network,
    inputSize: size,
    cropFactor,
    data: [...new Set([...sets, ...(run.inherited?.data ?? [])])],
    terms: [...new Set([termsOf(sets), ...(run.inherited ? [run.inherited.terms] : [])])].join(' '),
  };
  let model = makeModelFile(network, parameters, { ...about, measured: null });

  if (values.data) {
    fullPrecision();
    const engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
    const { samples } = await readAnnotations(
      resolve(values.data),
      ({ split, set }) =>
        split === values.split && (values.sets ? values.sets.split(',').includes(set) : true),
    );
    const w300 = samples.filter(({ set }) => W300_SETS.includes(set));
    const chosen = !values.sets && w300.length > 0 ? w300 : samples;
    const float = new Predictor(engine, network, parameters);
    const quantized = await ModelRunner.load(engine, model);
    const nmeOf = (predict: (crops: Float32Array) => Float32Array) =>
      summarize(evaluateOnCrops(chosen, size, cropFactor, predict)).nme;
    const nmeFloat = nmeOf((crops) => float.predict(crops, size).keypoints);
    const nmeQuantized = nmeOf((crops) => quantized.keypoints(crops));
    progress.line(
      `${chosen.length} faces of ${values.split}: NME ${nmeFloat.toFixed(3)} % float, ${nmeQuantized.toFixed(3)} % quantized`,
    );
    const measured = {
      split: values.split,
      faces: chosen.length,
      nmeFloat: round(nmeFloat),
      nmeQuantized: round(nmeQuantized),
    };
    model = makeModelFile(network, parameters, { ...about, measured });
  }
  const out = resolve(values.out ?? join(folder.path, 'model'));
  await writeModelFile(out, model);
  const { seed, batch, stepsPerEpoch } = checkpoint.settings;
  const crops = checkpoint.epoch * stepsPerEpoch * batch;
  await writeFile(join(out, 'card.md'), modelCard(model, { crops, seed, engine: run.engine }));
  progress.line(
    `model.json, weights.bin (${(model.weights.length / 1e6).toFixed(1)} MB) and card.md in ${out}`,
  );
});

function termsOf(sets: readonly string[]): string {
  if (W300_SETS.some((set) => sets.includes(set))) return W300_TERMS;
  return sets.every((set) => set === 'synthetic')
    ? SYNTHETIC_TERMS
    : 'Those of the data that it was trained on.';
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
