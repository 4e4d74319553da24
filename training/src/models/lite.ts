import { landmarkHead } from './landmark-head.ts';
import type { LandmarkNetwork, Layers } from './layers.ts';
import { resnetTrunk, type ResNetShape } from './resnet.ts';

/**
 * The same kind of network at an eighteenth of the multiplications, for devices without WebGPU: narrow where the maps are
 * large, wider where they are small, as plain convolutions of few channels use a CPU badly.
 */
const LITE: ResNetShape = {
  stem: { filters: 16, kernel: 5 },
  stages: [
    { filters: 16, blocks: 1 },
    { filters: 32, blocks: 2 },
    { filters: 80, blocks: 2 },
    { filters: 192, blocks: 2 },
  ],
};
const HEAD_WIDTH = 48;

export function lite(landmarks: number): LandmarkNetwork {
  return <T>(layers: Layers<T>, crop: T) =>
    landmarkHead(layers, resnetTrunk(layers, crop, LITE), landmarks, HEAD_WIDTH);
}
