import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { formatNamed } from '../datasets/readers/formats.ts';
import { startEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import { isUpToDate, readReport, writePage, writeReport } from '../report/files.ts';
import { makeReport } from '../report/make.ts';
import type { RunReport } from '../report/run-report.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { RunFolder } from '../trainer/run-folder.ts';
import { taughtAgain } from './teacher-option.ts';
import { readTrainingData } from './training-data.ts';

const USAGE = `npm run report -- --run DIR [options]
  --run DIR        folder of a training run; writes report.html there
  --compare DIR    another run beside it; writes report-RUN-DIR.html into the first
  --data DIR       where the run's data lie now (default: where they were)
  --again          measure again where a report.json is there already that was measured with float32 products
  --engine NAME    what computes`;

/** Of each set; some of them are shown. */
const TRAINING_PICTURES = 12;

await main(async () => {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      compare: { type: 'string' },
      data: { type: 'string' },
      again: { type: 'boolean', default: false },
      engine: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.run) throw new Error(`which run? Give --run DIR\n${USAGE}`);
  const progress = new Progress();
  let engine: Engine | undefined;
  const measure = async (path: string): Promise<RunReport> => {
    const folder = new RunFolder(resolve(path));
    const checkpoint = await folder.lastCheckpoint();
    const known = values.again ? undefined : await readReport(folder.path);
    if (known && isUpToDate(known, checkpoint.epoch)) return known;
    const run = await folder.description();
    const data = await readTrainingData(
      {
        data: values.data ?? run.data,
        format: formatNamed(run.format),
        seed: checkpoint.settings.seed,
        network: run.network,
        // As the run was: it may have drawn from some sets only.
        sets: (set) => Object.hasOwn(run.faces, set),
        trainLimit: TRAINING_PICTURES,
      },
      progress,
    );
    fullPrecision();
    engine ??= await startEngine(engineNamed(values.engine), (line) => progress.line(line));
    const taught = await taughtAgain(engine, run, data, checkpoint.settings, progress);
    if (taught.labelsNote) progress.line(taught.labelsNote);
    return makeReport(engine, folder, checkpoint, taught);
  };

  try {
    const first = await measure(values.run);
    let page = await writeReport(resolve(values.run), first);
    if (values.compare) {
      const second = await measure(values.compare);
      const name = `report-${first.name}-${basename(resolve(values.compare))}.html`;
      page = await writePage(join(resolve(values.run), name), [first, second]);
    }
    console.log(`report: ${pathToFileURL(page).href}`);
  } finally {
    engine?.[Symbol.dispose]();
  }
});
