import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { sideAfter, type ConvOptions } from '../models/layers.ts';
import type { Random } from '../support/random.ts';

/** Places of a feature map that are looked at in each crop; neighbours say much the same. */
const PLACES = 64;

/** What a convolution's kernel sees at up to `PLACES` places of each crop, `[rows, height * width * channels]`. */
export function kernelInputs(
  { tf }: Engine,
  x: Tensor4D,
  [height, width]: readonly number[],
  { stride = 1, padding = 'same' }: ConvOptions,
  random: Random,
): Tensor2D {
  const [n, rows, cols, channels] = x.shape;
  const outRows = sideAfter(rows, height, stride, padding);
  const outCols = sideAfter(cols, width, stride, padding);
  const pad = (size: number, out: number, kernel: number): [number, number] => {
    const total = Math.max(0, (out - 1) * stride + kernel - size);
    return [total >> 1, total - (total >> 1)];
  };
  const padded = tf.pad4d(x, [[0, 0], pad(rows, outRows, height), pad(cols, outCols, width), [0, 0]]);
  const [, paddedRows, paddedCols] = padded.shape;
  const flat = padded.reshape([n * paddedRows * paddedCols, channels]);
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
