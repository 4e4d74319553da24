import type { Tensor } from '@tensorflow/tfjs';
import type { Sample } from '../../training/src/datasets/sample.ts';
import type { Tf } from '../../training/src/engines/engine.ts';
import { DIFFICULTY } from '../../training/src/models/landmark-head.ts';
import type { LandmarkNetwork, LandmarkOutputs, Layers } from '../../training/src/models/layers.ts';
import { DEFAULT_AUGMENTATION } from '../../training/src/augmentation/settings.ts';
import { DEFAULT_LOSS } from '../../training/src/losses/landmark-loss.ts';
import { sizeOf } from '../../training/src/models/parameters.ts';
import type { TrainSettings } from '../../training/src/trainer/settings.ts';
import { randomOf } from '../../training/src/support/random.ts';

/** As small as a landmark network can be and still use every kind of layer. */
export const tinyNetwork: LandmarkNetwork = <T>(
  layers: Layers<T>,
  crop: T,
  markupShift?: number,
): LandmarkOutputs<T> => {
  const first = layers.maxPool(
    'pool',
    layers.conv('first', crop, { filters: 4, kernel: 3, stride: 2, relu: true }),
  );
  const deep = layers.conv('deep', first, { filters: 8, kernel: 3, stride: 2, relu: true });
  const up = layers.upsample('up', layers.conv('lateral', deep, { filters: 4, kernel: 1 }));
  const sum = layers.add('sum', first, up, true);
  const maps = layers.softmaxMaps(
    'softmax',
    layers.conv('maps', sum, { filters: 68, kernel: 1, norm: false }),
  );
  const difficulty = layers.conv(DIFFICULTY, sum, { filters: 68, kernel: 1, norm: false });
  return {
    keypoints: layers.expectedPlace('keypoints', maps, markupShift),
    spread: layers.exp('spread', layers.expectedValues('logSpread', maps, difficulty)),
    presence: layers.sigmoid('presence', layers.dense('logit', layers.globalMean('mean', deep), 1)),
    maps,
  };
};

export const TINY_SETTINGS: TrainSettings = {
  seed: 3,
  size: 32,
  cropFactor: 1.3,
  batch: 4,
  epochs: 2,
  stepsPerEpoch: 3,
  rate: 1e-3,
  averaging: 0.9,
  momentum: 0.9,
  augmentation: DEFAULT_AUGMENTATION,
  loss: DEFAULT_LOSS,
  phases: [{ until: 1, mix: {}, negativeShare: 0.1 }],
};

/** Normally distributed, the same for a seed. */
export function noise(count: number, seed: number): Float32Array {
  const random = randomOf(seed, 5);
  return Float32Array.from({ length: count }, () => random.normal());
}

export function noiseTensor(tf: Tf, shape: readonly number[], seed: number): Tensor {
  return tf.tensor(noise(sizeOf(shape), seed), [...shape]);
}

/** A convolution that engines are to agree on. */
export interface ConvCase {
  readonly input: [number, number, number, number];
  readonly kernel: [number, number];
  readonly filters: number;
  readonly strides: number | [number, number];
}

/** Grey noise with points on a circle: enough to compute with. */
export function noiseFaces(count: number, split: Sample['split'] = 'train'): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomOf(i, 77);
    const points = new Float32Array(136);
    for (let p = 0; p < 68; p++) {
      points[2 * p] = 40 + 22 * Math.cos(p) + random.uniform();
      points[2 * p + 1] = 40 + 22 * Math.sin(p) + random.uniform();
    }
    const data = Uint8Array.from({ length: 80 * 80 }, () => random.index(256));
    return {
      name: `noise ${i}`,
      set: 'noise',
      split,
      points,
      image: { data, width: 80, height: 80, channels: 1 as const },
    };
  });
}
