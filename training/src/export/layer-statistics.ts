import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import type { ConvOptions, LandmarkNetwork } from '../models/layers.ts';
import { randomOf, type Random } from '../support/random.ts';
import type { FoldedLayer } from './fold.ts';
import { disposeLayers, FoldedLayers, uploadLayers, type LayerHooks } from './folded-layers.ts';
import { kernelInputs } from './kernel-inputs.ts';

/** What calibration crops tell of a layer: enough to know what a change of its kernel does to the network's outputs. */
export interface LayerStatistics {
  /** Mean of each input of the kernel, in the kernel's order (row, column, channel). */
  readonly mean: Float32Array;
  /** Covariance of these inputs, `[n, n]`. */
  readonly covariance: Float32Array;
  /**
   * For each output channel: expected squared change of the network's outputs, in the units of `OUTPUT_WEIGHTS`, when an
   * independent error of variance 1 is added at every place of the channel.
   */
  readonly sensitivity: Float32Array;
}

/**
 * What one unit of change is worth in each output. Points: the distance between the eyes, about a third of the crop.
 * A tenth in the logarithm of `spread` counts like 1 % of that distance, one in the logit of `presence` like a third.
 */
const OUTPUT_WEIGHTS = { keypoints: 3, logSpread: 0.1, logit: 0.3 };
/** Probabilities nearer to 0 or 1 are certain; their logits have no gradient to speak of in float32. */
const CERTAIN = 1e-6;
const BATCH = 16;

/**
 * One forward and one backward pass over `crops` `[count, size, size]`. Sensitivities are the diagonal of the
 * Gauss-Newton matrix, drawn by outputs of random sign (Hutchinson, 1990).
 */
export function layerStatistics(
  engine: Engine,
  network: LandmarkNetwork,
  layers: ReadonlyMap<string, FoldedLayer>,
  crops: Float32Array,
  size: number,
  onProgress: (done: number, total: number) => void = () => {},
): Map<string, LayerStatistics> {
  const { tf } = engine;
  const tensors = uploadLayers(engine, layers);
  const pixels = size * size;
  const count = crops.length / pixels;
  const random = randomOf(count, 11);
  const sums = new Sums(engine, layers, random);
  const drawn = (y: Tensor, weight: number): Tensor => {
    const signs = Float32Array.from({ length: y.size }, () => (random.uniform() < 0.5 ? -weight : weight));
    return y.mul(tf.tensor(signs, y.shape)).sum();
  };
  const objective = (x: Tensor): Tensor => {
    const { keypoints, spread, presence } = network<Tensor>(new FoldedLayers(engine, tensors, sums), x);
    return drawn(keypoints, OUTPUT_WEIGHTS.keypoints)
      .add(drawn(spread.log(), OUTPUT_WEIGHTS.logSpread))
      .add(drawn(logitOf(presence), OUTPUT_WEIGHTS.logit));
  };
  for (let start = 0; start < count; start += BATCH) {
    const part = crops.subarray(start * pixels, (start + BATCH) * pixels);
    tf.tidy(() => void tf.grad(objective)(tf.tensor(part, [part.length / pixels, size, size, 1])));
    onProgress(Math.min(count, start + BATCH), count);
  }
  disposeLayers(engine, tensors);
  return sums.statistics(count);
}

/** By its logit, as `presence` itself hardly moves where it is sure, however far it is from changing its mind. */
function logitOf(presence: Tensor): Tensor {
  const p = presence.mul(1 - 2 * CERTAIN).add(CERTAIN);
  return p.log().sub(p.neg().add(1).log());
}

/** Sums up, while passes go by, what each layer is given and the gradients that come back. */
class Sums implements LayerHooks {
  /** By layer: sum of the inputs' products, `[n, n]`; of the inputs, `[n]`; of the squared gradients, `[channels]`. */
  private readonly sums = {
    second: new Map<string, Tensor>(),
    first: new Map<string, Tensor>(),
    gradient: new Map<string, Tensor>(),
  };
  private readonly rows = new Map<string, number>();

  constructor(
    private readonly engine: Engine,
    private readonly layers: ReadonlyMap<string, FoldedLayer>,
    private readonly random: Random,
  ) {}

  input(name: string, x: Tensor, options?: ConvOptions): Tensor {
    const shape = this.layers.get(name)?.shape ?? [];
    this.engine.tf.tidy(() => {
      const rows = options
        ? kernelInputs(this.engine, x as Tensor4D, shape, options, this.random)
        : (x as Tensor2D);
      this.add('second', name, rows.matMul(rows, true, false));
      this.add('first', name, rows.sum(0));
      this.rows.set(name, (this.rows.get(name) ?? 0) + rows.shape[0]);
    });
    return x;
  }

  output(name: string, y: Tensor): Tensor {
    return this.engine.tf.customGrad((value) => ({
      value: (value as Tensor).clone(),
      gradFunc: (dy) => {
        const given = dy as Tensor;
        const places = given.shape.slice(0, -1).map((_, axis) => axis);
        this.add('gradient', name, given.square().sum(places));
        return given;
      },
    }))(y);
  }

  private add(kind: keyof Sums['sums'], name: string, more: Tensor): void {
    const sum = this.sums[kind].get(name);
    this.sums[kind].set(name, this.engine.tf.keep(sum ? sum.add(more) : more));
    sum?.dispose();
  }

  /** Ends the summing. */
  statistics(crops: number): Map<string, LayerStatistics> {
    const { tf } = this.engine;
    const { second, first, gradient } = this.sums;
    const result = new Map<string, LayerStatistics>();
    for (const [name, rows] of this.rows) {
      const sums = [second, first, gradient].map((kind) => kind.get(name));
      const [products, inputs, gradients] = sums;
      if (!products || !inputs || !gradients) throw new Error(`no output depends on ${name}`);
      const means = inputs.div(rows);
      // Values are read outside of `tidy`, which would look for tensors in every element of what it returns.
      const covariances = tf.tidy(() => {
        const column = means.reshape([-1, 1]) as Tensor2D;
        return products.div(rows).sub(column.matMul(column, false, true));
      });
      const sensitivities = gradients.div(crops);
      const [mean, covariance, sensitivity] = [means, covariances, sensitivities].map((tensor) =>
        (tensor.dataSync() as Float32Array).slice(),
      );
      tf.dispose([products, inputs, gradients, means, covariances, sensitivities]);
      result.set(name, { mean, covariance, sensitivity });
    }
    return result;
  }
}
