import type { CropTarget } from '../augmentation/augment.ts';
import type { AugmentationSettings } from '../augmentation/settings.ts';
import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Random } from '../support/random.ts';
import { faceCropInput } from './face-crop.ts';
import { pictureInput, type PictureSettings } from './picture.ts';

/** Where an input lies in its picture. */
export interface Placement {
  /** Input units (0..1 along width and height) to px of the picture. */
  toImage(points: ArrayLike<number>): Float32Array;
  /** Px of the picture that one unit along the input's width spans. */
  readonly span: number;
}

/** How a network's input is made from a sample. */
export interface InputStep {
  /** Px. */
  readonly width: number;
  readonly height: number;
  /** As the network is used: fills `pixels` (`height * width`). */
  prepare(sample: Sample, pixels: Float32Array): Placement;
  /** As it is trained: different at every fetch, decided by `random`. */
  augment(sample: Sample, random: Random, target: CropTarget): void;
  /** An input to be refused: without a face, or with half of one. Absent: this network is not asked whether there is one. */
  augmentNoFace?(sample: Sample, random: Random, target: CropTarget): void;
}

/** The part of a run's settings that decides its inputs. */
export interface InputSettings {
  readonly size: number;
  readonly cropFactor: number;
  readonly augmentation: AugmentationSettings;
  readonly schema?: LandmarkSchema;
  readonly picture?: PictureSettings;
}

export function inputStep(settings: InputSettings): InputStep {
  const { size, cropFactor, augmentation, schema = IBUG68, picture } = settings;
  return picture ? pictureInput(picture) : faceCropInput(size, cropFactor, augmentation, schema);
}
