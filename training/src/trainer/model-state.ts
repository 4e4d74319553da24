import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { GradientLayers } from '../models/gradient-layers.ts';
import type { PointNetwork } from '../models/layers.ts';
import { type InitialLayers, type Parameters } from '../models/parameters.ts';
import { readPredictions, type Predictions } from '../models/predictions.ts';
import { newMoments, type Moments } from './optimizer.ts';

/** All that a run has learned: weights, the optimiser's moments, the averaged weights. */
export interface ModelState {
  readonly parameters: Parameters;
  readonly moments: Map<string, Moments>;
}

/** Height and width of an input; a number for a square. */
export type InputSize = number | { readonly width: number; readonly height: number };

function sidesOf(size: InputSize): { width: number; height: number } {
  return typeof size === 'number' ? { width: size, height: size } : size;
}

/** Parameters made by one pass over a batch `[n, height, width]`; see `GradientLayers` on what `initial` gives. */
export async function buildState(
  engine: Engine,
  network: PointNetwork,
  crops: Float32Array,
  size: InputSize,
  initial: { readonly seed: number; readonly layers: InitialLayers },
): Promise<ModelState> {
  const { tf } = engine;
  const { width, height } = sidesOf(size);
  const layers = new GradientLayers(engine, 'build', new Map(), initial);
  tf.tidy(() => {
    network<Tensor>(layers, tf.tensor(crops, [crops.length / (width * height), height, width, 1]));
  });
  for (const { mean, variance } of layers.statistics) tf.dispose([mean, variance]);
  const parameters: Parameters = new Map();
  for (const [name, { tensor, trainable }] of layers.built) {
    // A copy: what an engine gives may be a view on its memory.
    parameters.set(name, { shape: tensor.shape, values: Float32Array.from(await tensor.data()), trainable });
    tensor.dispose();
  }
  return stateOf(parameters);
}

export function stateOf(parameters: Parameters): ModelState {
  return { parameters, moments: new Map([...parameters].map(([name, p]) => [name, newMoments(p)])) };
}

/** The averaged weights as parameters of their own. */
export function averagedParameters({ parameters, moments }: ModelState): Parameters {
  return new Map(
    [...parameters].map(([name, parameter]) => {
      const average = moments.get(name)?.average ?? parameter.values;
      return [name, { ...parameter, values: average }];
    }),
  );
}

/** Runs `network` with running statistics on `[n, height, width]` inputs. */
export class Predictor {
  private readonly tensors: Map<string, Tensor>;

  constructor(
    private readonly engine: Engine,
    private readonly network: PointNetwork,
    parameters: Parameters,
  ) {
    this.tensors = new Map(
      [...parameters].map(([name, { values, shape }]) => [name, engine.tf.tensor(values, [...shape])]),
    );
  }

  async predict(crops: Float32Array, size: InputSize): Promise<Predictions> {
    const { tf } = this.engine;
    const { width, height } = sidesOf(size);
    const count = crops.length / (width * height);
    const [keypoints, spread, presence] = tf.tidy(() => {
      const layers = new GradientLayers(this.engine, 'run', this.tensors);
      const outputs = this.network<Tensor>(layers, tf.tensor(crops, [count, height, width, 1]) as Tensor4D);
      const none = () => tf.tensor1d([]);
      return [outputs.keypoints, outputs.spread ?? none(), outputs.presence ?? none()];
    });
    return readPredictions(keypoints, spread, presence);
  }

  dispose(): void {
    this.engine.tf.dispose([...this.tensors.values()]);
  }
}
