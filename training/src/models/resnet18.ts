import { landmarkHead } from './landmark-head.ts';
import type { LandmarkNetwork, Layers } from './layers.ts';
import { resnetTrunk, type ResNetShape } from './resnet.ts';

export const RESNET18: ResNetShape = {
  stem: { filters: 64, kernel: 7 },
  stages: [64, 128, 256, 512].map((filters) => ({ filters, blocks: 2 })),
};
const HEAD_WIDTH = 128;

/** The product's network: ResNet-18 with a top-down head. */
export function resnet18(landmarks: number): LandmarkNetwork {
  return <T>(layers: Layers<T>, crop: T, markupShift?: number) =>
    landmarkHead(layers, resnetTrunk(layers, crop, RESNET18), landmarks, HEAD_WIDTH, markupShift);
}
