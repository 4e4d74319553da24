import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import type { ConvOptions, LandmarkNetwork } from '../models/layers.ts';
import { randomOf } from '../support/random.ts';
import type { FoldedLayer } from './fold.ts';
import { disposeLayers, FoldedLayers, uploadLayers } from './folded-layers.ts';

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
 * A tenth in the logarithm of `spread` or in `presence` counts like 1 % of that distance.
 */
const OUTPUT_WEIGHTS = { keypoints: 3, logSpread: 0.1, presence: 0.1 };
const BATCH = 16;
/** Places of a feature map that are looked at in each crop; neighbours say much the same. */
const PLACES = 64;

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
  const sums = new Map<string, { second: Tensor; first: Tensor; rows: number; gradient: Tensor }>();
  const pixels = size * size;
  const count = crops.length / pixels;
  const random = randomOf(count, 11);
  const signs = (length: number) => Float32Array.from({ length }, () => (random.uniform() < 0.5 ? -1 : 1));

  for (let start = 0; start < count; start += BATCH) {
    const part = crops.subarray(start * pixels, (start + BATCH) * pixels);
    const n = part.length / pixels;
    const seen = new Map<string, { second: Tensor; first: Tensor; rows: number }>();
    const gradients = new Map<string, Tensor>();
    const input = (name: string, x: Tensor, options?: ConvOptions): Tensor => {
      const shape = layers.get(name)?.shape ?? [];
      seen.set(
        name,
        tf.tidy(() => {
          const rows = options
            ? patches(engine, x as Tensor4D, shape, options, random.index(1 << 20))
            : (x as Tensor2D);
          return {
            second: tf.keep(rows.matMul(rows, true, false)),
            first: tf.keep(rows.sum(0)),
            rows: rows.shape[0],
          };
        }),
      );
      return x;
    };
    const output = (name: string, y: Tensor): Tensor =>
      tf.customGrad((value) => ({
        value: (value as Tensor).clone(),
        gradFunc: (dy) => {
          const given = dy as Tensor;
          const axes = given.shape.slice(0, -1).map((_, axis) => axis);
          gradients.set(name, tf.keep(given.square().sum(axes)));
          return given;
        },
      }))(y);
    const objective = (x: Tensor): Tensor => {
      const given = network<Tensor>(new FoldedLayers(engine, tensors, { input, output }), x);
      const drawn = (y: Tensor, weight: number) =>
        y
          .mul(tf.tensor(signs(y.size), y.shape))
          .sum()
          .mul(weight);
      return drawn(given.keypoints, OUTPUT_WEIGHTS.keypoints)
        .add(drawn(given.spread.log(), OUTPUT_WEIGHTS.logSpread))
        .add(drawn(given.presence, OUTPUT_WEIGHTS.presence));
    };
    tf.tidy(() => void tf.grad(objective)(tf.tensor(part, [n, size, size, 1])));
    for (const [name, { second, first, rows }] of seen) {
      const gradient = gradients.get(name);
      if (!gradient) throw new Error(`no output depends on ${name}`);
      const sum = sums.get(name);
      sums.set(
        name,
        sum
          ? {
              second: replace(sum.second, second),
              first: replace(sum.first, first),
              gradient: replace(sum.gradient, gradient),
              rows: sum.rows + rows,
            }
          : { second, first, rows, gradient },
      );
    }
    onProgress(Math.min(count, start + BATCH), count);
  }
  disposeLayers(engine, tensors);

  const statistics = new Map<string, LayerStatistics>();
  for (const [name, { second, first, rows, gradient }] of sums) {
    const means = first.div(rows);
    // Values are read outside of `tidy`, which would look for tensors in every element of what it returns.
    const covariances = tf.tidy(() => {
      const column = means.reshape([-1, 1]) as Tensor2D;
      return second.div(rows).sub(column.matMul(column, false, true));
    });
    const sensitivities = gradient.div(count);
    const [mean, covariance, sensitivity] = [means, covariances, sensitivities].map((tensor) =>
      (tensor.dataSync() as Float32Array).slice(),
    );
    tf.dispose([second, first, gradient, means, covariances, sensitivities]);
    statistics.set(name, { mean, covariance, sensitivity });
  }
  return statistics;

  function replace(sum: Tensor, more: Tensor): Tensor {
    const total = sum.add(more);
    tf.dispose([sum, more]);
    return total;
  }
}

/** Inputs of the kernel at up to `PLACES` places of each crop, `[rows, height * width * channels]`. */
function patches(
  { tf }: Engine,
  x: Tensor4D,
  [height, width]: readonly number[],
  { stride = 1 }: ConvOptions,
  seed: number,
): Tensor2D {
  const [n, rows, cols, channels] = x.shape;
  const outRows = Math.ceil(rows / stride);
  const outCols = Math.ceil(cols / stride);
  const pad = (size: number, out: number, kernel: number): [number, number] => {
    const total = Math.max(0, (out - 1) * stride + kernel - size);
    return [total >> 1, total - (total >> 1)];
  };
  const padded = tf.pad4d(x, [[0, 0], pad(rows, outRows, height), pad(cols, outCols, width), [0, 0]]);
  const [, paddedRows, paddedCols] = padded.shape;
  const flat = padded.reshape([n * paddedRows * paddedCols, channels]);
  const random = randomOf(seed);
  const all = outRows * outCols;
  const places: number[] = [];
  for (let crop = 0; crop < n; crop++) {
    for (let i = 0; i < Math.min(all, PLACES); i++) {
      const place = all <= PLACES ? i : random.index(all);
      const row = Math.floor(place / outCols) * stride;
      places.push((crop * paddedRows + row) * paddedCols + (place % outCols) * stride);
    }
  }
  const taps: Tensor2D[] = [];
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      const at = Int32Array.from(places, (place) => place + row * paddedCols + col);
      taps.push(tf.gather(flat, tf.tensor1d(at, 'int32')) as Tensor2D);
    }
  }
  return taps.length === 1 ? taps[0] : tf.concat2d(taps, 1);
}
