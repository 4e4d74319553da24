import { landmarkHead } from './landmark-head.ts';
import type { LandmarkNetwork, Layers } from './layers.ts';
import { resnetTrunk, type ResNetShape } from './resnet.ts';

/**
 * The same kind of network at a tenth of the multiplications, for devices without WebGPU: narrow where the maps are
 * large, wider where they are small, as plain convolutions of few channels use a CPU badly.
 */
const LITE: ResNetShape = {
  stem: { filters: 24, kernel: 5 },
  stages: [
    { filters: 24, blocks: 1 },
    { filters: 48, blocks: 2 },
    { filters: 112, blocks: 2 },
    { filters: 224, blocks: 2 },
  ],
};
const HEAD_WIDTH = 64;

export function lite(landmarks: number): LandmarkNetwork {
  return <T>(layers: Layers<T>, crop: T, markupShift?: number) =>
    landmarkHead(layers, resnetTrunk(layers, crop, LITE), landmarks, HEAD_WIDTH, markupShift);
}
