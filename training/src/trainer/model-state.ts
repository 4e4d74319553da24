import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { GradientLayers } from '../models/gradient-layers.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import { type InitialLayers, type Parameters } from '../models/parameters.ts';
import { newMoments, type Moments } from './optimizer.ts';

/** All that a run has learned: weights, the optimiser's moments, the averaged weights. */
export interface ModelState {
  readonly parameters: Parameters;
  readonly moments: Map<string, Moments>;
}

/** Parameters made by one pass over a batch `[n, size, size]`; see `GradientLayers` on what `initial` gives. */
export function buildState(
  engine: Engine,
  network: LandmarkNetwork,
  crops: Float32Array,
  size: number,
  initial: { readonly seed: number; readonly layers: InitialLayers },
): ModelState {
  const parameters: Parameters = new Map();
  const { tf } = engine;
  tf.tidy(() => {
    const input = tf.tensor(crops, [crops.length / (size * size), size, size, 1]);
    network<Tensor>(new GradientLayers(engine, 'build', parameters, new Map(), initial), input);
  });
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

/** Runs `network` with running statistics on `[n, size, size]` crops. */
export class Predictor {
  private readonly tensors: Map<string, Tensor>;

  constructor(
    private readonly engine: Engine,
    private readonly network: LandmarkNetwork,
    private readonly parameters: Parameters,
  ) {
    this.tensors = new Map(
      [...parameters].map(([name, { values, shape }]) => [name, engine.tf.tensor(values, [...shape])]),
    );
  }

  predict(
    crops: Float32Array,
    size: number,
  ): { keypoints: Float32Array; spread: Float32Array; presence: Float32Array } {
    const { tf } = this.engine;
    const count = crops.length / (size * size);
    const [keypoints, spread, presence] = tf.tidy(() => {
      const layers = new GradientLayers(this.engine, 'run', this.parameters, this.tensors);
      const outputs = this.network<Tensor>(layers, tf.tensor(crops, [count, size, size, 1]) as Tensor4D);
      return [outputs.keypoints, outputs.spread, outputs.presence];
    });
    const read = (tensor: Tensor) => {
      const values = Float32Array.from(tensor.dataSync());
      tensor.dispose();
      return values;
    };
    return { keypoints: read(keypoints), spread: read(spread), presence: read(presence) };
  }

  dispose(): void {
    this.engine.tf.dispose([...this.tensors.values()]);
  }
}
