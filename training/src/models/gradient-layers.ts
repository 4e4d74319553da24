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
  type InitialLayer,
  type InitialLayers,
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

/** A parameter as `build` made it; kept: the caller disposes it. */
export interface BuiltParameter {
  readonly tensor: Tensor;
  readonly trainable: boolean;
}

/** The layers as tfjs operations with gradients. One instance serves one pass. */
export class GradientLayers implements Layers<Tensor> {
  readonly statistics: BatchStatistics[] = [];
  /** Filled in `build` mode, by name. */
  readonly built = new Map<string, BuiltParameter>();
  private readonly tf: Tf;

  /**
   * @param tensors the parameters as tensors of the engine, by name; `build` mode makes its own
   * @param initial what weights start from; its seed and `step` also decide what dropout leaves out
   */
  constructor(
    private readonly engine: Engine,
    private readonly mode: Mode,
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
    const w = this.parameter(`${name}/kernel`, () =>
      this.tensorOf(name, given?.kernel ?? draw(shape, this.initial.seed, name), shape),
    );
    let y = this.tf.conv2d(x, w as Tensor4D, stride, padding);
    if (norm) y = this.batchNorm(name, y, given);
    else y = y.add(this.bias(name, filters, given?.bias));
    return relu ? this.relu(y) : y;
  }

  private batchNorm(name: string, x: Tensor4D, given: InitialLayer | undefined): Tensor4D {
    const { tf } = this;
    const channels = x.shape[3];
    if (this.mode === 'build') {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      this.parameter(`${name}/mean`, () => mean, false);
      this.parameter(`${name}/variance`, () => variance, false);
      const kept = given?.kernel !== undefined;
      const bias = () => this.tensorOf(name, given?.bias ?? new Float32Array(channels), [channels]);
      this.parameter(`${name}/gamma`, () =>
        kept ? variance.add(BATCH_NORM_EPSILON).sqrt() : tf.ones([channels]),
      );
      this.parameter(`${name}/beta`, () => (kept ? bias().add(mean) : bias()));
    }
    const gamma = this.parameter(`${name}/gamma`) as Tensor1D;
    const beta = this.parameter(`${name}/beta`) as Tensor1D;
    if (this.mode === 'run') {
      const mean = this.parameter(`${name}/mean`) as Tensor1D;
      const variance = this.parameter(`${name}/variance`) as Tensor1D;
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
    const w = this.parameter(`${name}/kernel`, () => this.tensorOf(name, given?.kernel ?? draw(), shape));
    const y = x.matMul(w as Tensor2D).add(this.bias(name, units, given?.bias));
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

  expectedPlace(_name: string, x: Tensor, right = 0): Tensor {
    const [n, maps, cells] = x.shape;
    return x
      .reshape([n * maps, cells])
      .matMul(this.tf.tensor2d(cellCentres(cells, right), [cells, 2]))
      .reshape([n, maps * 2]);
  }

  expectedValues(_name: string, x: Tensor, values: Tensor): Tensor {
    const [n, maps, cells] = x.shape;
    // What is read at a place is not to move the place: the maps learn from the points alone.
    const places = this.mode === 'train' ? withoutGradient(this.tf, x) : x;
    return values.reshape([n, cells, maps]).transpose([0, 2, 1]).mul(places).sum(2);
  }

  private bias(name: string, size: number, given?: Float32Array): Tensor {
    return this.parameter(`${name}/bias`, () => this.tensorOf(name, given ?? new Float32Array(size), [size]));
  }

  private parameter(name: string, initial?: () => Tensor, trainable = true): Tensor {
    let tensor = this.mode === 'build' ? this.built.get(name)?.tensor : this.tensors.get(name);
    if (!tensor && this.mode === 'build' && initial) {
      tensor = this.tf.keep(initial());
      this.built.set(name, { tensor, trainable });
    }
    if (!tensor) throw new Error(`the parameters hold no ${name}`);
    return tensor;
  }

  private tensorOf(layer: string, values: Float32Array, shape: readonly number[]): Tensor {
    if (values.length !== sizeOf(shape)) {
      throw new Error(`initial weights of ${layer} have ${values.length} values, not ${shape.join('x')}`);
    }
    return this.tf.tensor(values, [...shape]);
  }
}

/** Centres x, y of the cells of a square map, row by row, the map's span being 0..1; all of them moved to the right. */
export function cellCentres(cells: number, right = 0): Float32Array {
  const side = Math.sqrt(cells);
  return Float32Array.from({ length: cells * 2 }, (_, i) => {
    const cell = i >> 1;
    return i % 2 === 0 ? ((cell % side) + 0.5) / side + right : (Math.floor(cell / side) + 0.5) / side;
  });
}
