import { basename } from 'node:path';
import type { Sample, Split } from '../datasets/sample.ts';
import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import type { Engine } from '../engines/engine.ts';
import { byGroup, groupsBySet } from '../evaluation/groups.ts';
import { summarize } from '../evaluation/metrics.ts';
import { evaluateOnSamples, type FaceResult } from '../evaluation/on-samples.ts';
import { reportPresence } from '../evaluation/presence.ts';
import { inputStep } from '../inputs/input.ts';
import { networkNamed } from '../models/networks.ts';
import { trainableCount } from '../models/parameters.ts';
import type { Checkpoint } from '../trainer/checkpoint.ts';
import { averagedParameters, Predictor } from '../trainer/model-state.ts';
import { termsOfRun, type RunFolder } from '../trainer/run-folder.ts';
import { calibrationCurves } from './calibration.ts';
import { conditionsOf } from './conditions.ts';
import { augmentedPictures, facePicture, filterPicture } from './pictures.ts';
import { productsOf } from './products.ts';
import type { RunReport } from './run-report.ts';

const GALLERY = 8;
const AUGMENTED = 12;

/** The run's own faces. */
export interface ReportData {
  readonly train: readonly Sample[];
  /** To measure on; where there are none, those trained on are. */
  readonly held: readonly Sample[];
  readonly heldSplit: Split;
  /** Pictures without a face that training does not see. */
  readonly negatives: readonly Sample[];
  /** What NME is measured by, in words. */
  readonly unit: string;
  /** How the training faces' labels differ from those that the run saw, where they do. */
  readonly labelsNote?: string;
}

/** Measures a run on the faces that it was not trained on, and gathers all that its page shows. */
export async function makeReport(
  engine: Engine,
  folder: RunFolder,
  checkpoint: Checkpoint,
  data: ReportData,
): Promise<RunReport> {
  const { settings, state } = checkpoint;
  const run = await folder.description();
  const schema = settings.schema ?? IBUG68;
  const faces = data.held.length > 0 ? data.held : data.train.filter(({ points }) => points);
  const { results, presence } = await measure(engine, checkpoint, faces, data.negatives);
  const measured = results.filter(({ nme }) => Number.isFinite(nme)).sort((a, b) => a.nme - b.nme);
  const { all, ...sets } = byGroup(groupsBySet(results), summarize);
  const pictures = (chosen: readonly FaceResult[]) =>
    Promise.all(chosen.map((result) => facePicture(result, settings)));
  const gallery = Math.min(GALLERY, Math.floor(measured.length / 2));
  return {
    format: 'face-keypoints-report/2',
    name: basename(folder.path),
    run: { ...run, settings },
    weights: trainableCount(state.parameters),
    epochs: await folder.records(),
    split: data.held.length > 0 ? data.heldSplit : 'train',
    products: productsOf(engine),
    unit: data.unit,
    sets,
    all,
    errors: measured.map(({ nme }) => Math.round(nme * 1000) / 1000),
    regions: regionErrors(measured, schema),
    best: await pictures(measured.slice(0, gallery)),
    worst: await pictures(measured.slice(measured.length - gallery).reverse()),
    augmented: await augmentedPictures(data.train, settings, AUGMENTED),
    labelsNote: data.labelsNote,
    filters: await filterPicture(averagedParameters(state)),
    conditions: conditionsOf(measured, schema),
    calibration: calibrationCurves(measured),
    presence,
    terms: termsOfRun(run),
  };
}

async function measure(
  engine: Engine,
  { settings, network, state }: Checkpoint,
  faces: readonly Sample[],
  negatives: readonly Sample[],
): Promise<{ results: FaceResult[]; presence: RunReport['presence'] }> {
  const input = inputStep(settings);
  const predictor = new Predictor(engine, networkNamed(network, settings), averagedParameters(state));
  try {
    const predict = (inputs: Float32Array) => predictor.predict(inputs, input);
    const results = await evaluateOnSamples(faces, input, predict, settings.schema);
    return { results, presence: await reportPresence(results, negatives, settings, predict) };
  } finally {
    predictor.dispose();
  }
}

/** Mean error of the points of each part of the face, of all faces' points together; of parts that are annotated. */
function regionErrors(results: readonly FaceResult[], schema: LandmarkSchema): RunReport['regions'] {
  const regions = Object.entries(schema.regions);
  if (regions.length < 2) return [];
  return regions.flatMap(([name, indices]) => {
    let [nme, px, known] = [0, 0, 0];
    for (const { sample, predicted, unit } of results) {
      const { points = new Float32Array(0) } = sample;
      for (const i of indices) {
        const distance = Math.hypot(
          predicted[2 * i] - points[2 * i],
          predicted[2 * i + 1] - points[2 * i + 1],
        );
        if (Number.isNaN(distance)) continue;
        nme += (100 * distance) / unit;
        px += distance;
        known++;
      }
    }
    return known > 0 ? [{ name, nme: nme / known, px: px / known }] : [];
  });
}
