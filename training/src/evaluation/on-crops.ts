import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import type { Sample } from '../datasets/sample.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import type { FaceError } from './metrics.ts';
import { evaluateOnSamples } from './on-samples.ts';

/** Anything that maps `[n, size, size]` crops to 136 crop coordinates each. */
export type PredictKeypoints = (crops: Float32Array, size: number) => Float32Array;

/** Errors with crops cut by the annotated points, as the literature does. */
export function evaluateOnCrops(
  samples: readonly Sample[],
  size: number,
  cropFactor: number,
  predict: PredictKeypoints,
  onProgress: (done: number) => void = () => {},
): FaceError[] {
  const input = faceCropInput(size, cropFactor, DEFAULT_AUGMENTATION);
  const results = evaluateOnSamples(
    samples,
    input,
    (crops) => ({ keypoints: predict(crops, size) }),
    undefined,
    onProgress,
  );
  return results.map(({ set, name, nme, mae }) => ({ set, name, nme, mae }));
}
