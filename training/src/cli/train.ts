import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { formatNamed, READERS } from '../datasets/readers/formats.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { originOf } from '../trainer/initial.ts';
import { NETWORK_NAMES, networkNamed, PRODUCT_NETWORKS } from '../models/networks.ts';
import { trainableCount } from '../models/parameters.ts';
import { PRESETS } from '../trainer/settings.ts';
import { train, type EpochRecord } from '../trainer/train.ts';
import { writeReport } from '../report/files.ts';
import { makeReport } from '../report/make.ts';
import { engineNamed } from './engine-option.ts';
import { exportHint } from './export-hint.ts';
import { main } from './main.ts';
import { duration, Progress } from './progress.ts';
import { RunFolder } from '../trainer/run-folder.ts';
import { readRunData } from './run-data.ts';
import { startRunEngine } from './run-engine.ts';
import { planRun } from './run-plan.ts';
import { checkWidth } from './train-settings.ts';

const USAGE = `npm run train -- [options]
  --data DIR        folder of annotated faces (default: faces drawn by code)
  --format NAME     ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --out DIR         where the run is written (default: runs/NETWORK)
  --network NAME    ${NETWORK_NAMES.join(', ')} (default: resnet18)
  --preset NAME     ${Object.keys(PRESETS).join(', ')} (default: plain with --data, else quick); for ${PRODUCT_NETWORKS.join(', ')}
  --init PATH       weights to start from: a folder of .npy files, or a model.json of \`npm run export\`
  --teacher MODEL   an exported model that corrects the labels of noisy sets first, as the preset says
  --engine NAME     ${ENGINE_NAMES.join(', ')} (default: the fastest that starts; with --resume the run's own)
  --epochs N --steps N --batch N --size PX --rate X --seed N     in place of the preset's
  --width N         units of face58's widest layer (default: 10000)
  --workers N       threads that make crops (default 1)
  --overwrite       a run that is in --out already may go
  --resume          go on with the run in --out, by its own settings; --epochs N makes it longer or shorter,
                    --data DIR says where its data lie now`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
      network: { type: 'string', default: 'resnet18' },
      preset: { type: 'string' },
      init: { type: 'string' },
      teacher: { type: 'string' },
      engine: { type: 'string' },
      epochs: { type: 'string' },
      steps: { type: 'string' },
      batch: { type: 'string' },
      size: { type: 'string' },
      rate: { type: 'string' },
      seed: { type: 'string' },
      width: { type: 'string' },
      workers: { type: 'string', default: '1' },
      resume: { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const progress = new Progress();
  const out = values.out ?? join('runs', values.network);
  const folder = new RunFolder(resolve(out));
  const plan = await planRun(values, folder, progress);
  const { network: name, before, resumed, teacher, init } = plan;

  using engine = await startRunEngine(engineNamed(values.engine), before?.engineName, (line) =>
    progress.line(line),
  );
  progress.line(`engine: ${engine.description}`);
  const heavy = checkWidth(plan.settings, engine);
  if (heavy) progress.line(heavy);
  // It may lie elsewhere now.
  const source = values.data ?? before?.data;
  const format = formatNamed(before?.format ?? values.format);
  const { data, settings, initial, drawn } = await readRunData(plan, engine, source, format, progress);

  if (before) await folder.reopen();
  else {
    await folder.start(
      {
        command: process.argv.slice(2),
        network: name,
        settings,
        engine: engine.description,
        engineName: engine.name,
        data: values.data,
        init,
        teacher: teacher?.path,
        teacherOrigin: teacher?.origin,
        format,
        faces: drawn,
        negativesHeldOut: data.negatives.length,
        inherited: init ? await originOf(resolve(init)) : undefined,
        started: new Date().toISOString(),
      },
      values.overwrite,
    );
  }
  const started = performance.now();
  const firstStep = (resumed?.epoch ?? 0) * settings.stepsPerEpoch;
  const state = await train({
    engine,
    network: { name, build: networkNamed(name, settings) },
    settings,
    train: data.train,
    val: data.held,
    initial,
    resume: resumed,
    workers: plan.workers,
    onStep: (step, steps, loss) => {
      const seconds = (performance.now() - started) / 1000;
      const each = seconds / (step - firstStep);
      progress.show(
        `step ${step}/${steps}  loss ${formatLoss(loss)}  ${(settings.batch / each).toFixed(1)} images/s  ${duration(each * (steps - step))} left`,
      );
    },
    onEpoch: async (record, checkpoint) => {
      await folder.epochDone(record, checkpoint);
      progress.line(describe(record, settings.epochs));
    },
  });
  progress.line(`${trainableCount(state.parameters)} weights; checkpoint and record in ${folder.path}`);
  const checkpoint = { network: name, settings, epoch: settings.epochs, state };
  const report = await makeReport(engine, folder, checkpoint, data);
  progress.line(`report: ${pathToFileURL(await writeReport(folder.path, report)).href}`);
  if (PRODUCT_NETWORKS.includes(name) && settings.schema === undefined) {
    progress.line(`next: ${exportHint(out, { data: source, format }, data)}`);
  }
});

function describe({ epoch, loss, val, imagesPerSecond }: EpochRecord, epochs: number): string {
  const sets = Object.entries(val).map(
    ([set, { nme, mae }]) => `${set} ${nme.toFixed(2)} (${mae.toFixed(2)} px)`,
  );
  return `epoch ${epoch}/${epochs}  loss ${formatLoss(loss)}  val NME % ${sets.join(', ')}  ${imagesPerSecond.toFixed(1)} images/s`;
}

/** Mean squared errors are small numbers. */
function formatLoss(loss: number): string {
  return Math.abs(loss) < 0.01 ? loss.toExponential(2) : loss.toFixed(4);
}
