import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnnotations } from '../datasets/annotations.ts';
import { formatNamed, READERS } from '../datasets/readers/formats.ts';
import type { Split } from '../datasets/sample.ts';
import { noseOnly } from '../datasets/select.ts';
import { startEngine } from '../engines/choose.ts';
import { summarize, type FaceError, type Summary } from '../evaluation/metrics.ts';
import { ModelRunner } from '../evaluation/model-runner.ts';
import { evaluateOnCrops } from '../evaluation/on-crops.ts';
import { evaluateWithTracker } from '../evaluation/with-tracker.ts';
import { readModelFile } from '../export/model-file.ts';
import { resultsOf } from '../trainer/train.ts';
import { networkNamed } from '../models/networks.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { RunFolder } from './run-folder.ts';

const DEFAULT_MODEL = 'public/models/resnet18';
const USAGE = `npm run evaluate -- --data DIR --split NAME [options]
  --data DIR       folder of annotated faces
  --format NAME    ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --split NAME     train, val or test
  --sets A,B       only these sets
  --model DIR      exported model (default: ${DEFAULT_MODEL})
  --run DIR        the float weights of a training run instead
  --crop NAME      truth (default): crops by the annotated points; detector: the product's whole way
  --engine NAME    what computes (with --crop truth)
  --json           one object on stdout`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      format: { type: 'string' },
      split: { type: 'string' },
      sets: { type: 'string' },
      model: { type: 'string', default: DEFAULT_MODEL },
      run: { type: 'string' },
      crop: { type: 'string', default: 'truth' },
      engine: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.data) throw new Error(`which faces? Give --data DIR\n${USAGE}`);
  if (values.run && values.crop === 'detector') {
    throw new Error(
      '--crop detector takes an exported model: `npm run export -- --run DIR`, then --model DIR/model',
    );
  }
  const split = splitNamed(values.split);
  const progress = new Progress();
  const sets = values.sets?.split(',');
  const { samples, problems, schema } = await readAnnotations(
    resolve(values.data),
    (entry) => entry.split === split && (sets?.includes(entry.set) ?? true),
    (done, total) => progress.show(`reading pictures ${done}/${total}`),
    values.crop === 'detector',
    formatNamed(values.format),
  );
  for (const { file, reason } of problems) progress.line(`left out: ${file}: ${reason}`);
  const onProgress = (done: number) => progress.show(`${done}/${samples.length} faces`);

  let errors: FaceError[];
  if (values.crop === 'detector') {
    errors = await evaluateWithTracker(samples, resolve(values.model), onProgress);
  } else if (values.crop === 'truth') {
    fullPrecision();
    const engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
    if (values.run) {
      const checkpoint = await new RunFolder(resolve(values.run)).checkpoint();
      if (!checkpoint) throw new Error(`${values.run} holds no last.checkpoint`);
      const { network, settings, state } = checkpoint;
      const build = networkNamed(network, settings);
      const wanted = network === 'nose' ? noseOnly(samples, schema).samples : samples;
      errors = resultsOf(engine, build, state, settings, wanted, onProgress);
    } else {
      const model = await ModelRunner.load(engine, await readModelFile(resolve(values.model)));
      const { inputSize, cropFactor } = model.metadata;
      errors = evaluateOnCrops(samples, inputSize, cropFactor, (crops) => model.keypoints(crops), onProgress);
    }
  } else throw new Error(`unknown --crop "${values.crop}". Should be one of: truth, detector`);

  const names = [...new Set(errors.map(({ set }) => set))].sort();
  const rows = names.map((set) => ({
    set,
    split,
    ...summarize(errors.filter((error) => error.set === set)),
  }));
  const all = summarize(errors);
  if (values.json)
    console.log(JSON.stringify({ model: values.run ?? values.model, crop: values.crop, sets: rows, all }));
  else print([...rows, { set: 'all', split, ...all }]);
});

function splitNamed(name: string | undefined): Split {
  if (name === 'train' || name === 'val' || name === 'test') return name;
  throw new Error(`--split should be one of: train, val, test${name === undefined ? '' : `, not "${name}"`}`);
}

function print(rows: ({ set: string; split: Split } & Summary)[]): void {
  console.table(
    Object.fromEntries(
      rows.map(({ set, split, faces, found, nme, fr8, fr10, auc8, mae }) => [
        `${set} ${split}`,
        {
          faces,
          found,
          'NME %': nme.toFixed(3),
          'over 8 %': fr8.toFixed(2),
          'over 10 %': fr10.toFixed(2),
          'AUC 8 %': auc8.toFixed(2),
          'MAE px': mae.toFixed(2),
        },
      ]),
    ),
  );
}
