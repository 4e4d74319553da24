import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnnotations, readNegatives, type Problem } from '../datasets/annotations.ts';
import type { Sample } from '../datasets/sample.ts';
import { makeSyntheticFaces } from '../datasets/synthetic.ts';
import { startEngine } from '../engines/choose.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { originOf, readInitialLayers } from '../models/initial.ts';
import { networkNamed } from '../models/networks.ts';
import { trainableCount } from '../models/parameters.ts';
import { PRESETS, type PresetName, type TrainSettings } from '../trainer/settings.ts';
import { train } from '../trainer/train.ts';
import { engineNamed } from './engine-option.ts';
import { main } from './main.ts';
import { duration, Progress } from './progress.ts';
import { RunFolder } from './run-folder.ts';

const USAGE = `npm run train -- [options]
  --data DIR        folder with annotations.jsonl, or of such folders (default: faces drawn by code)
  --out DIR         where the run is written (default: runs/NAME)
  --network NAME    resnet18 (default)
  --preset NAME     ${Object.keys(PRESETS).join(', ')} (default: plain with --data, else quick)
  --init PATH       weights to start from: a folder of .npy files, or a model.json of \`npm run export\`
  --engine NAME     ${ENGINE_NAMES.join(', ')} (default: the fastest that starts)
  --epochs N --steps N --batch N --size PX --rate X --seed N     in place of the preset's
  --workers N       threads that make crops (default 1)
  --overwrite       a run that is in --out already may go
  --resume          go on with the run in --out, by its own settings; --epochs N makes it longer or shorter`;

const SYNTHETIC_FACES = 300;

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      out: { type: 'string' },
      network: { type: 'string', default: 'resnet18' },
      preset: { type: 'string' },
      init: { type: 'string' },
      engine: { type: 'string' },
      epochs: { type: 'string' },
      steps: { type: 'string' },
      batch: { type: 'string' },
      size: { type: 'string' },
      rate: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string', default: '1' },
      resume: { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const progress = new Progress();
  const folder = new RunFolder(resolve(values.out ?? join('runs', values.network)));
  const resumed = values.resume ? await folder.checkpoint() : undefined;
  if (values.resume && !resumed)
    progress.line(`${folder.path} holds no checkpoint yet: starting from the beginning`);
  const base = resumed?.settings ?? presetNamed(values.preset ?? (values.data ? 'plain' : 'quick'));
  const settings: TrainSettings = {
    ...base,
    epochs: positive('epochs', values.epochs, base.epochs),
    ...(!resumed && {
      stepsPerEpoch: positive('steps', values.steps, base.stepsPerEpoch),
      batch: positive('batch', values.batch, base.batch),
      size: positive('size', values.size, base.size),
      rate: positive('rate', values.rate, base.rate),
      seed: positive('seed', values.seed, base.seed),
    }),
  };
  const name = resumed?.network ?? values.network;
  const network = networkNamed(name);

  const engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
  progress.line(`engine: ${engine.description}`);
  const data = resumed ? (await folder.description()).data : values.data;
  if (resumed && values.data !== undefined && values.data !== data) {
    throw new Error(`this run was started on ${data ?? 'faces drawn by code'}; resume it without --data`);
  }
  const { samples, problems } = await readData(data, settings.seed, progress);
  report(problems, progress);
  const initial = values.init ? await readInitialLayers(resolve(values.init)) : new Map();
  const trainSamples = samples.filter(({ split }) => split === 'train');
  const val = samples.filter(({ split }) => split === 'val');
  progress.line(`${trainSamples.length} pictures to train on, ${val.length} to validate`);

  if (!resumed) {
    await folder.start(
      {
        command: process.argv.slice(2),
        network: name,
        settings,
        engine: engine.description,
        data: values.data,
        faces: countBy(trainSamples, ({ set }) => set),
        inherited: values.init ? await originOf(resolve(values.init)) : undefined,
        started: new Date().toISOString(),
      },
      values.overwrite,
    );
  }
  const started = performance.now();
  const firstStep = (resumed?.epoch ?? 0) * settings.stepsPerEpoch;
  const state = await train({
    engine,
    network: { name, build: network },
    settings,
    train: trainSamples,
    val,
    initial,
    resume: resumed,
    workers: positive('workers', values.workers, 1),
    onStep: (step, steps, loss) => {
      const seconds = (performance.now() - started) / 1000;
      const each = seconds / (step - firstStep);
      progress.show(
        `step ${step}/${steps}  loss ${loss.toFixed(4)}  ${(settings.batch / each).toFixed(1)} images/s  ${duration(each * (steps - step))} left`,
      );
    },
    onEpoch: async (record, checkpoint) => {
      await folder.epochDone(record, checkpoint);
      const val = Object.entries(record.val).map(([set, { nme }]) => `${set} ${nme.toFixed(2)}`);
      progress.line(
        `epoch ${record.epoch}/${settings.epochs}  loss ${record.loss.toFixed(4)}  val NME % ${val.join(', ')}  ${record.imagesPerSecond.toFixed(1)} images/s`,
      );
    },
  });
  progress.line(`${trainableCount(state.parameters)} weights; checkpoint and record in ${folder.path}`);
  progress.line(
    `next: npm run export -- --run ${values.out ?? join('runs', name)}${data ? ` --data ${data}` : ''}`,
  );
});

async function readData(data: string | undefined, seed: number, progress: Progress) {
  if (data === undefined) {
    progress.line('no --data: training on faces drawn by code');
    return { samples: makeSyntheticFaces(SYNTHETIC_FACES, seed), problems: [] };
  }
  const root = resolve(data);
  const read = await readAnnotations(
    root,
    ({ split }) => split !== 'test',
    (done, total) => progress.show(`reading pictures ${done}/${total}`),
  );
  const negatives = join(root, 'negatives');
  const hasNegatives = await stat(negatives).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const samples: Sample[] = hasNegatives
    ? [...read.samples, ...(await readNegatives(negatives))]
    : read.samples;
  return { samples, problems: read.problems };
}

function report(problems: readonly Problem[], progress: Progress): void {
  if (problems.length === 0) return;
  progress.line(`${problems.length} annotations or pictures could not be used:`);
  for (const { file, reason } of problems.slice(0, 20)) progress.line(`  ${file}: ${reason}`);
  if (problems.length > 20) progress.line(`  … and ${problems.length - 20} more`);
}

function presetNamed(name: string): TrainSettings {
  if (!Object.hasOwn(PRESETS, name)) {
    throw new Error(`unknown preset "${name}". Should be one of: ${Object.keys(PRESETS).join(', ')}`);
  }
  return PRESETS[name as PresetName];
}

function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} should be a number above zero, not "${text}"`);
  return value;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
