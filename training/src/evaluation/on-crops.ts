import { faceRegion } from '../augmentation/augment.ts';
import { cropToImage } from '../../../sdk/src/crop/region.ts';
import type { Sample } from '../datasets/sample.ts';
import { cutCrops } from './face-predictions.ts';
import { faceError, type FaceError } from './metrics.ts';

/** Anything that maps `[n, size, size]` crops to 136 crop coordinates each. */
export type PredictKeypoints = (crops: Float32Array, size: number) => Float32Array;

const BATCH = 32;

/** Errors with crops cut by the annotated points, as the literature does. */
export function evaluateOnCrops(
  samples: readonly Sample[],
  size: number,
  cropFactor: number,
  predict: PredictKeypoints,
  onProgress: (done: number) => void = () => {},
): FaceError[] {
  const errors: FaceError[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const batch = samples.slice(start, start + BATCH);
    const regions = batch.map((sample) => faceRegion(sample, cropFactor));
    const crops = cutCrops(batch, regions, size);
    const keypoints = predict(crops, size);
    batch.forEach(({ set, name, points = [] }, i) => {
      const predicted = cropToImage(keypoints.subarray(i * 136, (i + 1) * 136), regions[i]);
      errors.push({ set, name, ...faceError(predicted, points) });
    });
    onProgress(errors.length);
  }
  return errors;
}
