import type { Layers, PointNetwork } from './layers.ts';
import { resnetTrunk } from './resnet.ts';
import { RESNET18 } from './resnet18.ts';

/** The course's third network, the baseline: ResNet-18 with its last layer made one linear layer to the points. */
export function resnet18Linear(landmarks: number): PointNetwork {
  return <T>(layers: Layers<T>, crop: T) => {
    const stages = resnetTrunk(layers, crop, RESNET18);
    const features = layers.globalMean('pool', stages[stages.length - 1]);
    return { keypoints: layers.dense('keypoints', features, 2 * landmarks, { initial: 'xavier-uniform' }) };
  };
}
