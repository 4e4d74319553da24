import type { Layers, PointNetwork } from './layers.ts';

const STAGES = [
  { filters: 20, kernel: 5 },
  { filters: 40, kernel: 5 },
  { filters: 80, kernel: 5 },
  { filters: 160, kernel: 3 },
  { filters: 320, kernel: 3 },
  { filters: 320, kernel: 3 },
] as const;
const DROPOUT = 0.4;

/** Inputs of the first linear layer: 5x3x320. */
export const FACE58_FEATURES = 4800;
/** Units of the first linear layer in the course: 48 million weights, most of the network. */
export const FACE58_WIDTH = 10_000;

/**
 * The course's second network: all points of a face from a 320x240 picture. Unpadded convolutions with ReLU, max
 * pooling after all but the last, leave 5x3x320 = 4800 inputs for the first linear layer.
 * @param width units of the first linear layer
 */
export function face58Network(landmarks: number, width = FACE58_WIDTH): PointNetwork {
  return <T>(layers: Layers<T>, picture: T) => {
    let x = picture;
    STAGES.forEach((stage, i) => {
      x = layers.conv(`conv${i + 1}`, x, {
        ...stage,
        relu: true,
        norm: false,
        padding: 'valid',
        initial: 'kaiming-uniform',
      });
      if (i < STAGES.length - 1)
        x = layers.maxPool(`pool${i + 1}`, x, { window: 2, stride: 2, padding: 'valid' });
    });
    x = layers.dense('fc1', layers.flatten('flat', x), width, { relu: true, initial: 'xavier-uniform' });
    // Dropping before or after ReLU is the same.
    x = layers.dense('fc2', layers.dropout('drop1', x, DROPOUT), 2 * landmarks, {
      initial: 'xavier-uniform',
    });
    return { keypoints: layers.sigmoid('keypoints', x) };
  };
}
