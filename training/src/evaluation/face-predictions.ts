import { cropToImage, type Region } from '../../../sdk/src/crop/region.ts';
import { normalizeCrop, sampleCrop } from '../../../sdk/src/crop/sample.ts';
import { interOcularDistance, LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import { faceRegion } from '../augmentation/augment.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Predictions } from '../export/folded-network.ts';
import { faceError, type FaceError } from './metrics.ts';
import type { ErrorPair } from './error-law.ts';

/** Anything that maps `[n, size, size]` crops to all outputs. */
export type Predict = (crops: Float32Array, size: number) => Predictions;

/** What the network said of one annotated face, and how far off it was. */
export interface FacePrediction extends FaceError {
  readonly sample: Sample;
  /** Distance and spread of each annotated point, in crop units. */
  readonly pairs: readonly ErrorPair[];
  /** Distance of the outer eye corners in crop units; `NaN` where the annotation lacks one. */
  readonly interOcular: number;
  readonly presence: number;
}

/** Crops of annotated faces, cut once for any number of measurements. */
export interface FaceCrops {
  readonly samples: readonly Sample[];
  readonly regions: readonly Region[];
  /** `[n, size, size]`, normalised. */
  readonly crops: Float32Array;
  readonly size: number;
}

/** Crops by the annotated points, as the literature cuts them. */
export function cutFaces(samples: readonly Sample[], size: number, cropFactor: number): FaceCrops {
  const regions = samples.map((sample) => faceRegion(sample, cropFactor));
  return { samples, regions, size, crops: cutCrops(samples, regions, size) };
}

export function cutCrops(samples: readonly Sample[], regions: readonly Region[], size: number): Float32Array {
  const crops = new Float32Array(samples.length * size * size);
  samples.forEach(({ image }, i) => {
    const crop = crops.subarray(i * size * size, (i + 1) * size * size);
    normalizeCrop(sampleCrop(image, regions[i], size, crop));
  });
  return crops;
}

const BATCH = 32;

export function predictFaces(
  { samples, regions, crops, size }: FaceCrops,
  predict: Predict,
  onProgress: (done: number) => void = () => {},
): FacePrediction[] {
  const faces: FacePrediction[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const { keypoints, spread, presence } = predict(
      crops.subarray(start * size * size, (start + BATCH) * size * size),
      size,
    );
    samples.slice(start, start + BATCH).forEach((sample, i) => {
      const region = regions[start + i];
      const { set, name, points = [] } = sample;
      const predicted = cropToImage(keypoints.subarray(i * 136, (i + 1) * 136), region);
      const pairs: ErrorPair[] = [];
      for (let p = 0; p < LANDMARK_COUNT; p++) {
        const distance =
          Math.hypot(predicted[2 * p] - points[2 * p], predicted[2 * p + 1] - points[2 * p + 1]) /
          region.size;
        if (!Number.isNaN(distance)) pairs.push({ distance, spread: spread[i * LANDMARK_COUNT + p] });
      }
      const interOcular = interOcularDistance(points) / region.size;
      faces.push({
        set,
        name,
        ...faceError(predicted, points),
        sample,
        pairs,
        interOcular,
        presence: presence[i],
      });
    });
    onProgress(faces.length);
  }
  return faces;
}
