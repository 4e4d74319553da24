import { AugmentationPool } from '../augmentation/pool.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { byGroup, groupsBySet } from '../evaluation/groups.ts';
import { summarize, type Summary } from '../evaluation/metrics.ts';
import { evaluateOnSamples, type FaceResult } from '../evaluation/on-samples.ts';
import { inputStep } from '../inputs/input.ts';
import type { PointNetwork } from '../models/layers.ts';
import type { InitialLayers } from '../models/parameters.ts';
import type { Checkpoint } from './checkpoint.ts';
import { averagedParameters, buildState, Predictor, type ModelState } from './model-state.ts';
import { learningRate, phaseAt, steppedRate } from './schedule.ts';
import type { TrainSettings } from './settings.ts';
import { trainStep } from './step.ts';
import { weightsOf, type Weights } from './weights.ts';

/** What an epoch gave; one JSON line of the run's record. */
export interface EpochRecord {
  readonly epoch: number;
  readonly loss: number;
  readonly rate: number;
  /** Of the averaged weights on the validation faces, by set and over all. */
  readonly val: Readonly<Record<string, Summary>>;
  /** Mean squared error of the validation faces' coordinates, squared input units, where that is what is trained. */
  readonly valLoss?: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

export interface TrainRun {
  readonly engine: Engine;
  readonly network: { readonly name: string; readonly build: PointNetwork };
  readonly settings: TrainSettings;
  readonly train: Sample[];
  readonly val: Sample[];
  readonly initial: InitialLayers;
  readonly resume?: Checkpoint;
  readonly workers: number;
  onStep(step: number, steps: number, loss: number): void;
  /** Awaited: the run goes on when the checkpoint is safe. */
  onEpoch(record: EpochRecord, checkpoint: Checkpoint): Promise<void>;
}

/**
 * Trains to the end of the schedule. What crop a step sees depends only on the seed and the step's number, so a run
 * resumed from a checkpoint goes on as if it had not stopped.
 * @returns the final state
 */
export async function train(run: TrainRun): Promise<ModelState> {
  const { engine, network, settings } = run;
  const steps = settings.epochs * settings.stepsPerEpoch;
  const rateAt = (step: number) =>
    settings.rates
      ? steppedRate(step, steps, settings.rate, settings.rates)
      : learningRate(step, steps, settings.rate);
  const pool = new AugmentationPool(
    run.train,
    settings,
    (crop) => phaseAt(settings.phases, crop / settings.batch / steps),
    run.workers,
    // So that none is idle while the step is the faster.
    2 * run.workers + 1,
  );
  let weights: Weights | undefined;
  try {
    let state = run.resume?.state;
    for (let epoch = run.resume?.epoch ?? 0; epoch < settings.epochs; epoch++) {
      const started = performance.now();
      let total = 0;
      let rate = 0;
      /** Reports the step whose loss is on its way from the engine, which has the next one by then. */
      let report: () => Promise<void> = () => Promise.resolve();
      for (let i = 0; i < settings.stepsPerEpoch; i++) {
        const step = epoch * settings.stepsPerEpoch + i;
        const batch = await pool.batch(step * settings.batch);
        state ??= await buildState(engine, network.build, batch.crops, inputStep(settings), {
          seed: settings.seed,
          layers: run.initial,
        });
        weights ??= weightsOf(engine, state);
        rate = rateAt(step);
        const loss = trainStep(engine, network.build, weights, batch, settings, rate, step + 1);
        // A step that fails is told of after the next.
        loss.catch(() => {});
        await report();
        report = async () => {
          total += await loss;
          run.onStep(step + 1, steps, await loss);
        };
      }
      await report();
      if (!state || !weights) throw new Error('an epoch needs at least one step');
      await weights.save();
      const seconds = (performance.now() - started) / 1000;
      const record: EpochRecord = {
        epoch: epoch + 1,
        loss: total / settings.stepsPerEpoch,
        rate,
        ...(await validate(engine, network.build, state, settings, run.val)),
        seconds,
        imagesPerSecond: (settings.stepsPerEpoch * settings.batch) / seconds,
      };
      await run.onEpoch(record, { network: network.name, settings, epoch: epoch + 1, state });
    }
    if (!state) throw new Error('the run was over before it began: raise --epochs');
    return state;
  } finally {
    weights?.dispose();
    await pool.close();
  }
}

async function validate(
  engine: Engine,
  network: PointNetwork,
  state: ModelState,
  settings: TrainSettings,
  samples: Sample[],
): Promise<Pick<EpochRecord, 'val' | 'valLoss'>> {
  if (samples.length === 0) return { val: {} };
  const results = await resultsOf(engine, network, state, settings, samples);
  const val = byGroup(groupsBySet(results), summarize);
  return settings.objective === 'mse' ? { val, valLoss: meanSquare(results, settings) } : { val };
}

/** What the averaged weights make of `samples`. */
async function resultsOf(
  engine: Engine,
  network: PointNetwork,
  state: ModelState,
  settings: TrainSettings,
  samples: readonly Sample[],
): Promise<FaceResult[]> {
  const input = inputStep(settings);
  const predictor = new Predictor(engine, network, averagedParameters(state));
  try {
    return await evaluateOnSamples(
      samples,
      input,
      (inputs) => predictor.predict(inputs, input),
      settings.schema,
    );
  } finally {
    predictor.dispose();
  }
}

/** Of the coordinates, in squared input units. */
function meanSquare(results: readonly FaceResult[], settings: TrainSettings): number {
  const { width, height } = inputStep(settings);
  let sum = 0;
  let count = 0;
  for (const { sample, predicted, span } of results) {
    const sides = [span, (span * height) / width];
    sample.points?.forEach((value, i) => {
      if (value !== value) return;
      sum += ((predicted[i] - value) / sides[i % 2]) ** 2;
      count++;
    });
  }
  return sum / count;
}
