import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import { readAnnotations, readNegatives, type ReadOptions } from '../datasets/annotations.ts';
import { formatNamed, READERS } from '../datasets/readers/formats.ts';
import type { Split } from '../datasets/sample.ts';
import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import { forNetwork } from '../datasets/select.ts';
import { measuredPartOf } from '../datasets/surroundings.ts';
import { startEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import { EXPONENTIAL, type ErrorLaw } from '../evaluation/error-law.ts';
import { byGroup, calibrationOfFaces, groupsBySet, groupsOf } from '../evaluation/groups.ts';
import { summarize, type FaceError } from '../evaluation/metrics.ts';
import { ModelRunner } from '../export/model-runner.ts';
import { evaluateOnSamples, type Predict } from '../evaluation/on-samples.ts';
import { isHeldOut, reportPresence } from '../evaluation/presence.ts';
import { HARD, isIn, SLICES, type Slice } from '../evaluation/slices.ts';
import { evaluateWithTracker, startTracker } from '../evaluation/with-tracker.ts';
import { readModelFile } from '../export/model-file.ts';
import { inputStep, type InputSettings } from '../inputs/input.ts';
import { networkNamed } from '../models/networks.ts';
import { averagedParameters, Predictor } from '../trainer/model-state.ts';
import { withMirror } from '../teacher/mirrored.ts';
import { engineNamed, fullPrecision } from './engine-option.ts';
import { printExpectedErrors, printPoints, printPresence } from './evaluation-tables.ts';
import { listProblems } from './list-problems.ts';
import { main } from './main.ts';
import { Progress } from './progress.ts';
import { RunFolder } from '../trainer/run-folder.ts';

const DEFAULT_MODEL = 'public/models/resnet18';
const USAGE = `npm run evaluate -- --data DIR --split NAME [options]
  --data DIR       folder of annotated faces; a folder negatives in it: pictures without faces
  --format NAME    ${Object.keys(READERS).join(', ')} (default: by what the folder holds)
  --split NAME     train, val or test
  --sets A,B       only these sets
  --slice NAME     ${SLICES.join(', ')} (default: all). Hard: turned over ${HARD.yaw} or nodding over ${HARD.pitch} degrees, leaning over ${HARD.roll},
                   darker than ${HARD.grey} of 255 or smaller than ${HARD.size} px
  --model DIR      exported model (default: ${DEFAULT_MODEL})
  --run DIR        the float weights of a training run instead, of any network
  --crop NAME      truth (default): inputs by the annotated points; detector: the product's whole way
  --mirror         each crop and its mirror image, as \`detect\` looks at a still (of 68 points; --crop detector always does)
  --engine NAME    what computes (with --crop truth)
  --json           one object on stdout`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      format: { type: 'string' },
      split: { type: 'string' },
      sets: { type: 'string' },
      slice: { type: 'string', default: 'all' },
      model: { type: 'string', default: DEFAULT_MODEL },
      run: { type: 'string' },
      crop: { type: 'string', default: 'truth' },
      mirror: { type: 'boolean', default: false },
      engine: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.data) throw new Error(`which faces? Give --data DIR\n${USAGE}`);
  if (values.crop !== 'truth' && values.crop !== 'detector')
    throw new Error(`unknown --crop "${values.crop}". Should be one of: truth, detector`);
  const withDetector = values.crop === 'detector';
  if (values.run && withDetector) {
    throw new Error(
      '--crop detector takes an exported model: `npm run export -- --run DIR`, then --model DIR/model',
    );
  }
  const split = splitNamed(values.split);
  const slice = sliceNamed(values.slice);
  const progress = new Progress();
  const data = resolve(values.data);
  const sets = values.sets?.split(',');
  const which: ReadOptions = {
    wanted: (entry) => entry.split === split && (sets?.includes(entry.set) ?? true),
    format: formatNamed(values.format),
  };
  const about = {
    model: values.run ?? values.model,
    crop: values.crop,
    mirror: withDetector || values.mirror,
    split,
    slice,
  };

  if (withDetector) {
    const errors = await errorsWithDetector(resolve(values.model), data, which, slice, progress);
    const points = byGroup(groupsBySet(errors), summarize);
    if (values.json) console.log(JSON.stringify({ ...about, points }));
    else printPoints(points);
    return;
  }

  fullPrecision();
  using engine = await startEngine(engineNamed(values.engine), (line) => progress.line(line));
  const {
    network,
    settings,
    law,
    predict: look,
    markupShift,
  } = values.run
    ? await candidateOfRun(engine, new RunFolder(resolve(values.run)))
    : await candidateOfModel(engine, resolve(values.model));
  const { problems, ...read } = await readAnnotations(data, {
    ...which,
    keep: (sample) => (settings.picture ? sample : measuredPartOf(sample)),
    onProgress: (done, total) => progress.show(`reading pictures ${done}/${total}`),
  });
  const negatives = await readNegatives(join(data, 'negatives'), { wanted: isHeldOut, problems });
  listProblems(problems, progress);
  checkSlice(slice, read.schema);
  const chosen = read.samples.filter((sample) => isIn(slice, sample));
  checkSome(slice, chosen, read.samples);
  const onProgress = (done: number) => progress.show(`${done}/${chosen.length} faces`);
  const { samples, schema } = forNetwork(network, chosen, read.schema);
  checkSchema(settings.schema ?? IBUG68, schema);
  if (values.mirror && (settings.schema || settings.picture))
    throw new Error(`--mirror is for crops of faces with the points of ${IBUG68.name}`);
  const predict = values.mirror ? withMirror(look, settings.size, markupShift) : look;
  const faces = await evaluateOnSamples(samples, inputStep(settings), predict, schema, onProgress);
  const presence = await reportPresence(faces, negatives, settings, predict, (done, total) =>
    progress.show(`${done}/${total} inputs without a face`),
  );
  const groups = groupsOf(faces, schema);
  const points = byGroup(groups, summarize);
  const expectedError = faces.some(({ spread }) => spread)
    ? byGroup(groups, (members) => calibrationOfFaces(members, law))
    : undefined;
  if (values.json) {
    console.log(JSON.stringify({ ...about, points, ...(expectedError && { law, expectedError }), presence }));
    return;
  }
  printPoints(points, read.schema);
  if (expectedError) printExpectedErrors(expectedError, law);
  if (presence) printPresence(presence);
});

/** Of the product's whole way, by an exported model, on the faces of a slice. */
async function errorsWithDetector(
  model: string,
  data: string,
  which: ReadOptions,
  slice: Slice,
  progress: Progress,
): Promise<FaceError[]> {
  const tracker = await startTracker(model);
  try {
    const { errors, dataset } = await evaluateWithTracker(
      tracker,
      (keep) =>
        readAnnotations(data, {
          ...which,
          colour: true,
          keep,
          onProgress: (done, total) => progress.show(`${done}/${total} faces`),
        }),
      // Of other points the set as a whole is refused, below.
      (sample) => sample.points?.length === 2 * IBUG68.count && isIn(slice, sample),
    );
    const { problems, schema, samples } = dataset;
    listProblems(problems, progress);
    checkSlice(slice, schema);
    checkSchema(IBUG68, schema);
    checkSome(slice, errors, samples);
    return errors;
  } finally {
    await tracker.close();
  }
}

/** What is measured. */
interface Candidate {
  readonly network: string;
  readonly settings: InputSettings;
  /** How errors lie about the expected one. */
  readonly law: ErrorLaw;
  readonly predict: Predict;
  readonly markupShift?: number;
}

/** The averaged weights of a run, in float. */
async function candidateOfRun(engine: Engine, folder: RunFolder): Promise<Candidate> {
  const { network, settings, state } = await folder.lastCheckpoint();
  const predictor = new Predictor(engine, networkNamed(network, settings), averagedParameters(state));
  const input = inputStep(settings);
  return {
    network,
    settings,
    law: EXPONENTIAL,
    predict: (inputs) => predictor.predict(inputs, input),
  };
}

/** A model file, as plain tfjs runs it. */
async function candidateOfModel(engine: Engine, path: string): Promise<Candidate> {
  const model = await ModelRunner.load(engine, await readModelFile(path));
  const { name, network = name, inputSize, cropFactor, markupShift, calibration } = model.metadata;
  return {
    network,
    settings: { size: inputSize, cropFactor, augmentation: DEFAULT_AUGMENTATION },
    law: calibration ? { law: calibration.law, shape: calibration.shape } : EXPONENTIAL,
    predict: (crops) => model.predict(crops),
    markupShift,
  };
}

function checkSchema(network: LandmarkSchema, data: LandmarkSchema): void {
  if (network.name === data.name) return;
  throw new Error(
    `the network gives ${network.count} points (${network.name}), the faces have ${data.count} (${data.name}): give the --run or the --data that belongs to the other`,
  );
}

function checkSlice(slice: Slice, schema: LandmarkSchema): void {
  if (slice === 'all' || schema.name === IBUG68.name) return;
  throw new Error(`--slice goes by the head pose, which these points (${schema.name}) do not tell`);
}

function checkSome(slice: Slice, chosen: readonly unknown[], all: readonly unknown[]): void {
  if (chosen.length === 0) throw new Error(`none of the ${all.length} faces is ${slice}`);
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
