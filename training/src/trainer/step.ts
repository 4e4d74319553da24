import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Batch } from '../augmentation/pool.ts';
import type { Engine } from '../engines/engine.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { inputStep } from '../inputs/input.ts';
import { objectiveLoss } from '../losses/objective.ts';
import { GradientLayers, type BatchStatistics } from '../models/gradient-layers.ts';
import type { PointNetwork } from '../models/layers.ts';
import type { TrainSettings } from './settings.ts';
import type { Weights } from './weights.ts';

/** What a step is made of, in their order. */
export const STEP_PARTS = ['upload', 'forward', 'backward', 'read back', 'update'] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/**
 * One step: forward, loss, gradients, update.
 * @param step counted from 1
 * @param onPart called when a part of the step is done: where its time is to be measured. Of an engine that computes later
 *   (webgpu) the calls say when the work was given to it.
 * @returns the loss. Where weights are updated in the engine's memory it comes when the engine is there, and the next step
 *   may be given to it before; else the step is done when this returns.
 * @throws Error when the loss is not finite
 */
export async function trainStep(
  engine: Engine,
  network: PointNetwork,
  weights: Weights,
  batch: Batch,
  settings: TrainSettings,
  rate: number,
  step: number,
  onPart: (part: StepPart) => void = () => {},
): Promise<number> {
  const { tf } = engine;
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
    const lossOf = (...tensors: Tensor[]): Scalar => {
      const byName = new Map(weights.trainable.map((name, i) => [name, tensors[i]]));
      const layers = new GradientLayers(engine, 'train', byName, initial, step);
      const loss = objectiveLoss(tf, network<Tensor>(layers, crops), truth, settings);
      statistics = layers.statistics;
      onPart('forward');
      return loss;
    };
    const tensors = weights.tensors();
    onPart('upload');
    return tf.valueAndGrads(lossOf)(tensors);
  });
  onPart('backward');

  const finite = (loss: number): number => {
    if (Number.isFinite(loss)) return loss;
    throw new Error(`the loss is ${loss} at step ${step}: lower --rate, or look at the data`);
  };
  const read = weights.lossOf(value);
  const loss = typeof read === 'number' ? finite(read) : read.then(finite);
  // Whoever awaits the step is told; until then it is nobody's fault.
  if (typeof loss !== 'number') loss.catch(() => {});
  onPart('read back');
  const { averaging, momentum } = settings;
  weights.update(grads, statistics, { rate, step, averaging, momentum }, onPart);
  tf.dispose([value, ...grads, ...statistics.flatMap(({ mean, variance }) => [mean, variance])]);
  onPart('update');
  return loss;
}
