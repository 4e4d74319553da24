import type { Layers, PointNetwork } from './layers.ts';

const FILTERS = [12, 16, 20, 24] as const;
const HIDDEN = 120;

/**
 * The course's first network: one point from an 80x60 picture. Four unpadded 3x3 convolutions, each with ReLU and max
 * pooling, leave 3x1x24 = 72 inputs for the first linear layer. Any number of points, though meant for one.
 */
export function noseNetwork(landmarks: number): PointNetwork {
  return <T>(layers: Layers<T>, picture: T) => {
    let x = picture;
    FILTERS.forEach((filters, i) => {
      x = layers.conv(`conv${i + 1}`, x, {
        filters,
        kernel: 3,
        relu: true,
        norm: false,
        padding: 'valid',
        initial: 'kaiming-uniform',
      });
      x = layers.maxPool(`pool${i + 1}`, x, { window: 2, stride: 2, padding: 'valid' });
    });
    x = layers.dense('fc1', layers.flatten('flat', x), HIDDEN, { relu: true, initial: 'xavier-uniform' });
    return { keypoints: layers.dense('keypoints', x, 2 * landmarks, { initial: 'xavier-uniform' }) };
  };
}
