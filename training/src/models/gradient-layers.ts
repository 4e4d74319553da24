import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { BatchNormOutput, Engine, Tf } from '../engines/engine.ts';
import { hash } from '../support/hash.ts';
import { randomOf } from '../support/random.ts';
import {
  HALVING_POOL,
  type ConvOptions,
  type DenseOptions,
  type Layers,
  type PoolOptions,
} from './layers.ts';
import {
  heNormal,
  kaimingUniform,
  sizeOf,
  xavierUniform,
  type InitialLayers,
  type Parameter,
  type Parameters,
} from './parameters.ts';
import { withoutGradient } from './without-gradient.ts';

export const BATCH_NORM_EPSILON = 1e-5;

const DRAWN = {
  'he-normal': heNormal,
  'kaiming-uniform': kaimingUniform,
  zeros: (shape: readonly number[]) => new Float32Array(sizeOf(shape)),
} as const;

/**
 * `build`: parameters are made on first use, and batch norm is set from this batch so that a layer with given weights
 * starts as the same function as before. `train`: statistics of the batch. `run`: running statistics.
 */
export type Mode = 'build' | 'train' | 'run';

/** Statistics that a training pass saw, to be averaged into the running ones. */
export interface BatchStatistics {
  readonly name: string;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** The layers as tfjs operations with gradients. One instance serves one pass. */
export class GradientLayers implements Layers<Tensor> {
  readonly statistics: BatchStatistics[] = [];
  private readonly tf: Tf;

  /**
   * @param tensors the parameters as tensors of the engine, by name; `build` mode adds to `parameters` instead
   * @param initial what weights start from; its seed and `step` also decide what dropout leaves out
   */
  constructor(
    private readonly engine: Engine,
    private readonly mode: Mode,
    private readonly parameters: Parameters,
    private readonly tensors: ReadonlyMap<string, Tensor>,
    private readonly initial: { readonly seed: number; readonly layers: InitialLayers } = {
      seed: 0,
      layers: new Map(),
    },
    private readonly step = 0,
  ) {
    this.tf = engine.tf;
  }

  conv(name: string, input: Tensor, options: ConvOptions): Tensor {
    const { filters, kernel, stride = 1, relu = false, norm = true, padding = 'same' } = options;
    const draw = DRAWN[options.initial ?? 'he-normal'];
    const x = input as Tensor4D;
    const shape = [kernel, kernel, x.shape[3], filters] as const;
    const given = this.initial.layers.get(name);
    const w = this.parameter(
      `${name}/kernel`,
      shape,
      () => given?.kernel ?? draw(shape, this.initial.seed, name),
    );
    let y = this.tf.conv2d(x, w as Tensor4D, stride, padding);
    if (norm) y = this.batchNorm(name, y, given);
    else y = y.add(this.parameter(`${name}/bias`, [filters], () => given?.bias ?? new Float32Array(filters)));
    return relu ? this.relu(y) : y;
  }

  private batchNorm(
    name: string,
    x: Tensor4D,
    given: { readonly kernel?: Float32Array; readonly bias?: Float32Array } | undefined,
  ): Tensor4D {
    const { tf } = this;
    const channels = x.shape[3];
    if (this.mode === 'build') {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const means = Float32Array.from(mean.dataSync());
      const variances = Float32Array.from(variance.dataSync());
      this.parameter(`${name}/mean`, [channels], () => means, false);
      this.parameter(`${name}/variance`, [channels], () => variances, false);
      const kept = given?.kernel !== undefined;
      this.parameter(`${name}/gamma`, [channels], (i) =>
        kept ? Math.sqrt(variances[i] + BATCH_NORM_EPSILON) : 1,
      );
      this.parameter(`${name}/beta`, [channels], (i) => (given?.bias?.[i] ?? 0) + (kept ? means[i] : 0));
    }
    const gamma = this.parameter(`${name}/gamma`, [channels]) as Tensor1D;
    const beta = this.parameter(`${name}/beta`, [channels]) as Tensor1D;
    if (this.mode === 'run') {
      const mean = this.parameter(`${name}/mean`, [channels]) as Tensor1D;
      const variance = this.parameter(`${name}/variance`, [channels]) as Tensor1D;
      return tf.batchNorm(x, mean, variance, beta, gamma, BATCH_NORM_EPSILON) as Tensor4D;
    }
    const { y, mean, variance } = (this.engine.batchNorm ?? this.composedBatchNorm)(
      x,
      gamma,
      beta,
      BATCH_NORM_EPSILON,
    );
    this.statistics.push({ name, mean, variance });
    return y;
  }

  private readonly composedBatchNorm = (
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    epsilon: number,
  ): BatchNormOutput => {
    const { tf } = this;
    const mean = x.mean([0, 1, 2]) as Tensor1D;
    const centred = x.sub(mean);
    const variance = centred.square().mean([0, 1, 2]) as Tensor1D;
    const y = centred.mul(gamma.div(variance.add(epsilon).sqrt())).add(beta) as Tensor4D;
    return { y, mean: tf.keep(mean), variance: tf.keep(variance) };
  };

  maxPool(_name: string, x: Tensor, { window, stride, padding }: PoolOptions = HALVING_POOL): Tensor {
    const { maxPool } = this.engine;
    if (maxPool && this.mode === 'train') return maxPool(x as Tensor4D, window, stride, padding);
    return this.tf.maxPool(x as Tensor4D, window, stride, padding);
  }

  add(_name: string, a: Tensor, b: Tensor, relu: boolean): Tensor {
    const sum = a.add(b);
    return relu ? this.relu(sum) : sum;
  }

  private relu(x: Tensor): Tensor {
    return this.engine.relu ? this.engine.relu(x) : x.relu();
  }

  upsample(_name: string, input: Tensor): Tensor {
    const x = input as Tensor4D;
    return this.tf.image.resizeNearestNeighbor(x, [x.shape[1] * 2, x.shape[2] * 2]);
  }

  globalMean(_name: string, x: Tensor): Tensor {
    return x.mean([1, 2]);
  }

  flatten(_name: string, x: Tensor): Tensor {
    return x.reshape([x.shape[0], sizeOf(x.shape.slice(1))]);
  }

  dense(name: string, input: Tensor, units: number, { relu, initial }: DenseOptions = {}): Tensor {
    const x = input as Tensor2D;
    const given = this.initial.layers.get(name);
    const shape = [x.shape[1], units] as const;
    const draw = () =>
      initial === 'xavier-uniform'
        ? xavierUniform(shape, this.initial.seed, name)
        : new Float32Array(sizeOf(shape));
    const w = this.parameter(`${name}/kernel`, shape, () => given?.kernel ?? draw());
    const bias = this.parameter(`${name}/bias`, [units], () => given?.bias ?? new Float32Array(units));
    const y = x.matMul(w as Tensor2D).add(bias);
    return relu ? this.relu(y) : y;
  }

  dropout(name: string, x: Tensor, rate: number): Tensor {
    if (this.mode !== 'train') return x;
    const random = randomOf(this.initial.seed, hash(name), this.step);
    const mask = Float32Array.from({ length: x.size }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
    return x.mul(this.tf.tensor(mask, x.shape));
  }

  exp(_name: string, x: Tensor): Tensor {
    return x.exp();
  }

  sigmoid(_name: string, x: Tensor): Tensor {
    return x.sigmoid();
  }

  softmaxMaps(_name: string, input: Tensor): Tensor {
    const [n, height, width, maps] = (input as Tensor4D).shape;
    return this.tf.softmax(input.reshape([n, height * width, maps]).transpose([0, 2, 1]));
  }

  expectedPlace(_name: string, x: Tensor): Tensor {
    const [n, maps, cells] = x.shape;
    return x
      .reshape([n * maps, cells])
      .matMul(this.tf.tensor2d(cellCentres(cells), [cells, 2]))
      .reshape([n, maps * 2]);
  }

  expectedValues(_name: string, x: Tensor, values: Tensor): Tensor {
    const [n, maps, cells] = x.shape;
    // What is read at a place is not to move the place: the maps learn from the points alone.
    const places = this.mode === 'train' ? withoutGradient(this.tf, x) : x;
    return values.reshape([n, cells, maps]).transpose([0, 2, 1]).mul(places).sum(2);
  }

  private parameter(
    name: string,
    shape: readonly number[],
    initial: (() => Float32Array) | ((i: number) => number) = () => new Float32Array(sizeOf(shape)),
    trainable = true,
  ): Tensor {
    if (this.mode !== 'build') {
      const tensor = this.tensors.get(name);
      if (!tensor) throw new Error(`the parameters hold no ${name}`);
      return tensor;
    }
    let parameter: Parameter | undefined = this.parameters.get(name);
    if (!parameter) {
      parameter = { shape, values: initialValues(sizeOf(shape), initial), trainable };
      this.parameters.set(name, parameter);
    }
    return this.tf.tensor(parameter.values, [...shape]);
  }
}

function initialValues(size: number, initial: (() => Float32Array) | ((i: number) => number)): Float32Array {
  const first = initial(0);
  if (typeof first !== 'number') {
    if (first.length !== size) throw new Error(`initial weights have ${first.length} values, not ${size}`);
    return first;
  }
  return Float32Array.from({ length: size }, (_, i) => (initial as (i: number) => number)(i));
}

/** Centres x, y of the cells of a square map, row by row, the map's span being 0..1. */
export function cellCentres(cells: number): Float32Array {
  const side = Math.sqrt(cells);
  return Float32Array.from({ length: cells * 2 }, (_, i) => {
    const cell = i >> 1;
    return ((i % 2 === 0 ? cell % side : Math.floor(cell / side)) + 0.5) / side;
  });
}
