import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Batch } from '../augmentation/pool.ts';
import type { Engine } from '../engines/engine.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { inputStep } from '../inputs/input.ts';
import { objectiveLoss } from '../losses/objective.ts';
import { GradientLayers, type BatchStatistics } from '../models/gradient-layers.ts';
import type { PointNetwork } from '../models/layers.ts';
import type { ModelState } from './model-state.ts';
import { adamStep, averagingAt, follow } from './optimizer.ts';
import type { TrainSettings } from './settings.ts';

/** What a step is made of, in the order of the first of each. */
export const STEP_PARTS = ['upload', 'forward', 'backward', 'read back', 'update'] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/**
 * One step: forward, loss, gradients on the engine; update in JavaScript's memory.
 * @param step counted from 1
 * @param onPart called when a part of the step, or one more piece of it, is done: where its time is to be measured. Of an
 *   engine that computes later (webgpu) the calls say when the work was given to it.
 * @returns the loss
 */
export function trainStep(
  engine: Engine,
  network: PointNetwork,
  state: ModelState,
  batch: Batch,
  settings: TrainSettings,
  rate: number,
  step: number,
  onPart: (part: StepPart) => void = () => {},
): number {
  const { tf } = engine;
  const { parameters, moments } = state;
  const trainable = [...parameters].filter(([, parameter]) => parameter.trainable);
  const n = batch.presence.length;
  const { width, height } = inputStep(settings);
  const landmarks = (settings.schema ?? IBUG68).count;
  const initial = { seed: settings.seed, layers: new Map() };
  let statistics: BatchStatistics[] = [];
  const { value, grads } = tf.tidy(() => {
    const crops = tf.tensor(batch.crops, [n, height, width, 1]);
    const truth = {
      points: tf.tensor2d(batch.points, [n, 2 * landmarks]),
      known: tf.tensor2d(batch.known, [n, landmarks]),
      presence: tf.tensor2d(batch.presence, [n, 1]),
    };
    const lossOf = (...weights: Tensor[]): Scalar => {
      const tensors = new Map(trainable.map(([name], i) => [name, weights[i]]));
      const layers = new GradientLayers(engine, 'train', parameters, tensors, initial, step);
      const loss = objectiveLoss(tf, network<Tensor>(layers, crops), truth, settings);
      statistics = layers.statistics;
      onPart('forward');
      return loss;
    };
    const weights = trainable.map(([, { values, shape }]) => tf.tensor(values, [...shape]));
    onPart('upload');
    return tf.valueAndGrads(lossOf)(weights);
  });
  onPart('backward');
  const loss = value.dataSync()[0];
  onPart('read back');
  if (!Number.isFinite(loss))
    throw new Error(`the loss is ${loss} at step ${step}: lower --rate, or look at the data`);

  const averaging = averagingAt(step, settings.averaging);
  trainable.forEach(([name, parameter], i) => {
    const own = moments.get(name);
    const gradient = grads[i].dataSync() as Float32Array;
    onPart('read back');
    if (own) adamStep(parameter, own, gradient, rate, step, averaging);
    onPart('update');
  });
  for (const { name, mean, variance } of statistics) {
    for (const [key, seen] of [
      [`${name}/mean`, mean],
      [`${name}/variance`, variance],
    ] as const) {
      const parameter = parameters.get(key);
      const own = moments.get(key);
      if (parameter && own) {
        follow(parameter, own, seen.dataSync() as Float32Array, settings.momentum, averaging);
      }
    }
    tf.dispose([mean, variance]);
  }
  tf.dispose([value, ...grads]);
  onPart('update');
  return loss;
}
