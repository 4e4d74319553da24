import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { formatNamed, READERS } from '../datasets/readers/formats.ts';
import { startEngine } from '../engines/choose.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { originOf, readInitialLayers } from '../trainer/initial.ts';
import { NETWORK_NAMES, networkNamed, PRODUCT_NETWORKS } from '../models/networks.ts';
import { trainableCount } from '../models/parameters.ts';
import { PRESETS } from '../trainer/settings.ts';
import { train, type EpochRecord } from '../trainer/train.ts';
import { writeReport } from '../report/files.ts';
import { makeReport } from '../report/make.ts';
import { countSets, describeCounts } from './drawn-sets.ts';
import { engineNamed } from './engine-option.ts';
import { exportHint } from './export-hint.ts';
import { describeInit, fitInit } from './init-option.ts';
import { main } from './main.ts';
import { count } from './number-option.ts';
import { duration, Progress } from './progress.ts';
import { checkResumedData } from './resumed-data.ts';
import { RunFolder } from '../trainer/run-folder.ts';
import { checkWidth, fitToData, newSettings } from './train-settings.ts';
import { newTeacher, resumedTeacher, taughtBy } from './teacher-option.ts';
import { readTrainingData } from './training-data.ts';

const USAGE = `npm run train -- [options]
  --data DIR        folder of annotated faces (default: faces drawn by code)
  --format NAME     ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --out DIR         where the run is written (default: runs/NETWORK)
  --network NAME    ${NETWORK_NAMES.join(', ')} (default: resnet18)
  --preset NAME     ${Object.keys(PRESETS).join(', ')} (default: plain with --data, else quick); for ${PRODUCT_NETWORKS.join(', ')}
  --init PATH       weights to start from: a folder of .npy files, or a model.json of \`npm run export\`
  --teacher MODEL   an exported model that corrects the labels of noisy sets first, as the preset says
  --engine NAME     ${ENGINE_NAMES.join(', ')} (default: the fastest that starts)
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
  const before = values.resume ? await folder.found() : undefined;
  // Before minutes go into reading pictures.
  if (!before) await folder.checkFree(values.overwrite);
  const resumed = before && (await folder.checkpoint());
  if (values.resume && !resumed) {
    progress.line(
      before
        ? `${folder.path} was killed before the end of its first epoch: starting again, as its run.json says`
        : `${folder.path} holds no run yet: starting one`,
    );
  }
  const name = before?.network ?? values.network;
  networkNamed(name);
  const own = resumed?.settings ?? before?.settings;
  const wanted = own
    ? { ...own, ...(values.epochs !== undefined && { epochs: count('epochs', values.epochs) }) }
    : newSettings(name, values.data !== undefined, values);
  if (resumed && wanted.epochs < resumed.epoch)
    throw new Error(`${resumed.epoch} epochs of this run are done: --epochs ${resumed.epoch} or more`);
  const workers = count('workers', values.workers);
  const teacher = before
    ? await resumedTeacher(before, values.teacher)
    : await newTeacher(values.teacher, name, wanted);
  const init = before ? before.init : values.init;
  const given = init && !resumed ? await readInitialLayers(resolve(init)) : undefined;
  // The data may have other points; all else that cannot fit is said now.
  if (given) fitInit(given, name, wanted);

  using engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
  progress.line(`engine: ${engine.description}`);
  const heavy = checkWidth(wanted, engine);
  if (heavy) progress.line(heavy);
  if (before && before.data === undefined && values.data !== undefined)
    throw new Error('this run was started on faces drawn by code; resume it without --data');
  // It may lie elsewhere now.
  const source = values.data ?? before?.data;
  const format = formatNamed(before?.format ?? values.format);
  const read = await readTrainingData({ data: source, format, seed: wanted.seed, network: name }, progress);
  const labelled = wanted.everySample ? read.train.filter(({ points }) => points) : read.train;
  const settings = before ? wanted : fitToData(wanted, read.schema, labelled.length);
  const { drawn, left } = countSets(labelled, settings);
  if (Object.keys(left).length > 0)
    progress.line(`not trained on, as the preset's mix does not name them: ${describeCounts(left)}`);
  const change = before && checkResumedData(before.faces, { drawn, left }, source !== before.data);
  if (change) progress.line(change);
  const untaught = { ...read, train: labelled.filter(({ set }) => !Object.hasOwn(left, set)) };
  const initial = given && fitInit(given, name, settings);
  if (init && initial) for (const line of describeInit(initial, init)) progress.line(line);
  const data = teacher ? await taughtBy(engine, teacher.path, untaught, name, settings, progress) : untaught;
  progress.line(
    `${data.train.length} pictures to train on, ${data.held.length} to validate${data.heldSplit === 'test' ? ' (the test faces, as there are no others; nothing is chosen by them)' : ''}`,
  );

  if (before) await folder.reopen();
  else {
    await folder.start(
      {
        command: process.argv.slice(2),
        network: name,
        settings,
        engine: engine.description,
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
    initial: initial?.layers ?? new Map(),
    resume: resumed,
    workers,
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
