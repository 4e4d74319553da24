import { cropToImage } from '../../../sdk/src/crop/region.ts';
import { normalizeCrop, sampleCrop } from '../../../sdk/src/crop/sample.ts';
import { augmentFace, augmentNoFace, faceRegion } from '../augmentation/augment.ts';
import { DEFAULT_AUGMENTATION, type AugmentationSettings } from '../augmentation/settings.ts';
import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import type { InputStep } from './input.ts';

/** The product's: a square around the annotated face, normalised by its own mean and deviation. */
export function faceCropInput(
  size: number,
  cropFactor: number,
  augmentation: AugmentationSettings = DEFAULT_AUGMENTATION,
  { mirror }: LandmarkSchema = IBUG68,
): InputStep {
  return {
    width: size,
    height: size,
    prepare(sample, pixels) {
      const region = faceRegion(sample, cropFactor);
      normalizeCrop(sampleCrop(sample.image, region, size, pixels));
      return { toImage: (points) => cropToImage(points, region), span: region.size };
    },
    augment: (sample, random, target) =>
      augmentFace(sample, size, cropFactor, augmentation, random, target, mirror ?? null),
    augmentNoFace: (sample, random, target) =>
      augmentNoFace(sample, size, cropFactor, augmentation, random, target),
  };
}
