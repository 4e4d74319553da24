import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnnotations, readNegatives } from '../datasets/annotations.ts';
import type { Split } from '../datasets/sample.ts';
import { startEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import { EXPONENTIAL, type ErrorLaw } from '../evaluation/error-law.ts';
import { cutFaces, predictFaces, type Predict } from '../evaluation/face-predictions.ts';
import type { Calibration } from '../evaluation/calibration.ts';
import { summarize, type FaceError, type Summary } from '../evaluation/metrics.ts';
import { ModelRunner } from '../evaluation/model-runner.ts';
import { isHeldOut } from '../evaluation/presence.ts';
import {
  calibrationOfFaces,
  groupsBySet,
  groupsOf,
  reportPresence,
  type Group,
  type PresenceReport,
} from '../evaluation/report.ts';
import { HARD, isIn, SLICES, type Slice } from '../evaluation/slices.ts';
import { evaluateWithTracker } from '../evaluation/with-tracker.ts';
import { FoldedNetwork } from '../export/folded-network.ts';
import { readModelFile } from '../export/model-file.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { readSource } from './source-option.ts';

const DEFAULT_MODEL = 'public/models/resnet18';
const USAGE = `npm run evaluate -- --data DIR --split NAME [options]
  --data DIR       folder with annotations.jsonl, or of such folders; a folder negatives in it: pictures without faces
  --split NAME     train, val or test
  --sets A,B       only these sets
  --slice NAME     ${SLICES.join(', ')} (default: all). Hard: turned over ${HARD.yaw} or nodding over ${HARD.pitch} degrees, leaning over ${HARD.roll},
                   darker than ${HARD.grey} of 255 or smaller than ${HARD.size} px
  --model DIR      exported model (default: ${DEFAULT_MODEL})
  --run DIR        the float weights of a training run instead
  --crop NAME      truth (default): crops by the annotated points; detector: the product's whole way
  --engine NAME    what computes (with --crop truth)
  --json           one object on stdout`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      split: { type: 'string' },
      sets: { type: 'string' },
      slice: { type: 'string', default: 'all' },
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
  const slice = sliceNamed(values.slice);
  const progress = new Progress();
  const data = resolve(values.data);
  const sets = values.sets?.split(',');
  const { samples: read, problems } = await readAnnotations(
    data,
    (entry) => entry.split === split && (sets?.includes(entry.set) ?? true),
    (done, total) => progress.show(`reading pictures ${done}/${total}`),
    values.crop === 'detector',
  );
  for (const { file, reason } of problems) progress.line(`left out: ${file}: ${reason}`);
  const samples = read.filter((sample) => isIn(slice, sample));
  if (samples.length === 0) throw new Error(`none of the ${read.length} faces is ${slice}`);
  const onProgress = (done: number) => progress.show(`${done}/${samples.length} faces`);
  const about = { model: values.run ?? values.model, crop: values.crop, split, slice };

  if (values.crop === 'detector') {
    const errors = await evaluateWithTracker(samples, resolve(values.model), onProgress);
    const figures = byName(groupsBySet(errors), summarize);
    if (values.json) console.log(JSON.stringify({ ...about, points: figures }));
    else console.table(mapValues(figures, summaryRow));
    return;
  }
  if (values.crop !== 'truth')
    throw new Error(`unknown --crop "${values.crop}". Should be one of: truth, detector`);

  fullPrecision();
  const engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
  const { predict, size, cropFactor, law } = await readPredictor(engine, values);
  const faces = predictFaces(cutFaces(samples, size, cropFactor), predict, onProgress);
  const negatives = (await readNegatives(join(data, 'negatives'))).filter(({ name }) => isHeldOut(name));
  progress.show('crops without a face');
  const presence = reportPresence(faces, negatives, size, cropFactor, predict);
  const groups = groupsOf(faces);
  const points = byName(groups, summarize);
  const expectedError = byName(groups, (members) => calibrationOfFaces(members, law));
  if (values.json) console.log(JSON.stringify({ ...about, points, law, expectedError, presence }));
  else print(points, expectedError, law, presence);
});

async function readPredictor(
  engine: Engine,
  options: { readonly run?: string; readonly model: string },
): Promise<{ predict: Predict; size: number; cropFactor: number; law: ErrorLaw }> {
  if (options.run !== undefined) {
    const { network, layers, about } = await readSource({ run: options.run });
    const folded = new FoldedNetwork(engine, network, layers);
    return {
      predict: (crops, size) => folded.predict(crops, size),
      size: about.inputSize,
      cropFactor: about.cropFactor,
      law: EXPONENTIAL,
    };
  }
  const model = await ModelRunner.load(engine, await readModelFile(resolve(options.model)));
  const { inputSize, cropFactor, calibration } = model.metadata;
  return {
    predict: (crops) => model.predict(crops),
    size: inputSize,
    cropFactor,
    law: calibration ? { law: calibration.law, shape: calibration.shape } : EXPONENTIAL,
  };
}

function splitNamed(name: string | undefined): Split {
  if (name === 'train' || name === 'val' || name === 'test') return name;
  throw new Error(`--split should be one of: train, val, test${name === undefined ? '' : `, not "${name}"`}`);
}

function sliceNamed(name: string): Slice {
  const slice = SLICES.find((known) => known === name);
  if (!slice) throw new Error(`unknown --slice "${name}". Should be one of: ${SLICES.join(', ')}`);
  return slice;
}

function print(
  points: Readonly<Record<string, Summary>>,
  expectedError: Readonly<Record<string, Calibration>>,
  law: ErrorLaw,
  presence: PresenceReport,
): void {
  console.log('Points: error over the distance between the outer eye corners');
  console.table(mapValues(points, summaryRow));
  const assumed = law === EXPONENTIAL ? ' (exponential, as the loss assumes)' : '';
  console.log(
    `Expected error: shares of the points within q * spread of the truth, q by a Weibull law of shape ${law.shape}${assumed}`,
  );
  console.table(
    mapValues(expectedError, ({ points, rho, ratio, within50, within90 }) => ({
      points,
      'rank correlation': rho.toFixed(3),
      'error / spread': ratio.toFixed(3),
      'in 50 % interval': `${within50.toFixed(1)} %`,
      'in 90 % interval': `${within90.toFixed(1)} %`,
    })),
  );
  console.log('Presence');
  const { facesKept, faces, offFaceRefused, offFace, faceLessRefused, faceLess } = presence;
  console.table({
    'faces kept': { crops: faces, share: `${facesKept.toFixed(2)} %` },
    'crops beside, inside, around a face refused': {
      crops: offFace,
      share: `${offFaceRefused.toFixed(2)} %`,
    },
    ...(faceLessRefused !== undefined && {
      'crops of pictures without a face refused': {
        crops: faceLess,
        share: `${faceLessRefused.toFixed(2)} %`,
      },
    }),
  });
}

function summaryRow({ faces, found, nme, fr8, fr10, auc8, mae }: Summary): Record<string, number | string> {
  return {
    faces,
    found,
    'NME %': nme.toFixed(3),
    'over 8 %': fr8.toFixed(2),
    'over 10 %': fr10.toFixed(2),
    'AUC 8 %': auc8.toFixed(2),
    'MAE px': mae.toFixed(2),
  };
}

function byName<T extends FaceError, R>(
  groups: readonly Group<T>[],
  measure: (faces: readonly T[]) => R,
): Record<string, R> {
  return Object.fromEntries(groups.map(({ name, faces }) => [name, measure(faces)]));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
