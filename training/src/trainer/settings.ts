import { DEFAULT_AUGMENTATION, type AugmentationSettings } from '../augmentation/settings.ts';
import { DEFAULT_LOSS, type LossWeights } from '../losses/landmark-loss.ts';
import type { LandmarkSchema } from '../datasets/schema.ts';
import type { PictureSettings } from '../inputs/picture.ts';
import type { Objective } from '../losses/objective.ts';
import type { Corrections } from '../teacher/correction.ts';
import type { Phase, RateStep } from './schedule.ts';

/** Everything that decides a run's outcome, beside the data and the engine. */
export interface TrainSettings {
  readonly seed: number;
  /** Side of the crop, px. */
  readonly size: number;
  /** The crop's side over the longer side of the box around the points. */
  readonly cropFactor: number;
  readonly batch: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Peak learning rate. */
  readonly rate: number;
  /** Of the weights' moving average, a step. */
  readonly averaging: number;
  /** Of the batch norm's running statistics, a step. */
  readonly momentum: number;
  readonly augmentation: AugmentationSettings;
  readonly loss: LossWeights;
  readonly phases: readonly Phase[];
  /** What the points mean. Absent: the 68 of iBUG. */
  readonly schema?: LandmarkSchema;
  /** Whole pictures as inputs. Absent: square crops of the face, by `size` and `cropFactor`. */
  readonly picture?: PictureSettings;
  /** `landmark` by default. */
  readonly objective?: Objective;
  /** Constant rates. Absent: warm-up and cosine. */
  readonly rates?: readonly RateStep[];
  /** Every sample once an epoch, instead of draws by the phases' mix. */
  readonly everySample?: boolean;
  /** Units of the network's widest layer, where it leaves that open. */
  readonly width?: number;
  /** What a teacher corrects in the labels of noisy sets, where one is given. */
  readonly corrections?: Corrections;
}

const COMMON = {
  seed: 1,
  size: 128,
  cropFactor: 1.3,
  batch: 32,
  rate: 5e-4,
  averaging: 0.995,
  momentum: 0.98,
  augmentation: DEFAULT_AUGMENTATION,
  loss: DEFAULT_LOSS,
} as const;

/** Sets that were not marked by hand on these pictures: by a tracker, another model, another markup, or in another frame. */
const NOISY_SETS: Corrections = {
  aflw2000: { register: true },
  helen256: { share: 0.5 },
  webmorph: { share: 0.5 },
  ytfaces: { share: 1 },
  fgnet: { fill: true },
};

/** Those that were, on few faces: a network learns such labels by heart, and what hands do not agree about with them. */
const HAND_MADE_SETS: Corrections = { lfpw: { share: 0.3 }, helen: { share: 0.3 }, afw: { share: 0.3 } };

/** Nearer to what the network will see: statistics of batch norm are of what it saw last. */
const LAST_AUGMENTATION = {
  ...DEFAULT_AUGMENTATION,
  rotation: 10,
  shift: 0.03,
  scale: 0.06,
  gamma: 0.3,
  patch: 0.2,
  blur: 0.12,
  noise: 0.15,
  shade: 0.25,
} as const;

/** Hard and noisy sets beside the 300-W faces. */
const HARD_FIRST: Phase = {
  until: 0.7,
  mix: {
    lfpw: 0.2,
    helen: 0.21,
    afw: 0.1,
    helen256: 0.19,
    aflw2000: 0.16,
    webmorph: 0.05,
    ytfaces: 0.04,
    fgnet: 0.05,
  },
  negativeShare: 0.06,
};

/** The 300-W faces almost alone. */
const HAND_MADE_LAST: Phase = {
  until: 1,
  mix: { lfpw: 0.28, helen: 0.3, afw: 0.13, helen256: 0.15, aflw2000: 0.11, fgnet: 0.03 },
  negativeShare: 0.05,
  augmentation: LAST_AUGMENTATION,
};

/** The named settings of `npm run train -- --preset NAME`. */
export const PRESETS = {
  /** Minutes on any machine: for a look at the whole path, on the drawn faces by default. */
  quick: {
    ...COMMON,
    size: 64,
    batch: 16,
    epochs: 5,
    stepsPerEpoch: 20,
    averaging: 0.95,
    momentum: 0.9,
    phases: [{ until: 1, mix: {}, negativeShare: 0.05 }],
  },
  /** Any annotated set, all its faces drawn alike. */
  plain: {
    ...COMMON,
    epochs: 40,
    stepsPerEpoch: 64,
    phases: [{ until: 1, mix: {}, negativeShare: 0.06 }],
  },
  /** What ResNet-18's published weights were last trained by, or are next: `LOG.md` tells which of them had what. */
  w300: {
    ...COMMON,
    size: 160,
    augmentation: { ...DEFAULT_AUGMENTATION, warp: 0.08 },
    epochs: 50,
    stepsPerEpoch: 64,
    phases: [HARD_FIRST, { ...HAND_MADE_LAST, augmentation: { ...LAST_AUGMENTATION, warp: 0.04 } }],
    corrections: { ...NOISY_SETS, ...HAND_MADE_SETS },
  },
  /** What the published lite weights were last trained by, or are next: a teacher smooths the labels made by hand as well. */
  lite: {
    ...COMMON,
    epochs: 200,
    stepsPerEpoch: 128,
    rate: 1.5e-3,
    averaging: 0.998,
    loss: { ...DEFAULT_LOSS, opening: 0.1 },
    phases: [HARD_FIRST, HAND_MADE_LAST],
    corrections: {
      ...NOISY_SETS,
      aflw2000: { register: true, share: 0.4 },
      lfpw: { share: 0.4 },
      helen: { share: 0.4 },
      afw: { share: 0.4 },
    },
  },
} as const satisfies Record<string, TrainSettings>;

export type PresetName = keyof typeof PRESETS;

/** `stepsPerEpoch` of this says: as many as show every sample once. */
export const ONCE_THROUGH = 0;

const COURSE = {
  ...COMMON,
  objective: 'mse',
  everySample: true,
  averaging: 0,
  stepsPerEpoch: ONCE_THROUGH,
  rates: [{ until: 1, factor: 1 }],
  phases: [{ until: 1, mix: {}, negativeShare: 0 }],
} as const;

const STILL = { rotation: 0, shift: 0, brightness: 0, contrast: 0 } as const;

/** The course project's networks come with settings of their own, and have no presets. */
export const COURSE_SETTINGS: Readonly<Record<string, TrainSettings>> = {
  // Batch and rate by persons 27 to 32, trained on 1 to 26: 36.6 px there, 43.8 with a batch of 8.
  nose: { ...COURSE, batch: 2, epochs: 25, rate: 1e-3, picture: { width: 80, height: 60, ...STILL } },
  face58: {
    ...COURSE,
    batch: 8,
    epochs: 25,
    rate: 1e-4,
    picture: { width: 320, height: 240, rotation: 15, shift: 0.25, brightness: 0.3, contrast: 0.3 },
  },
  'resnet18-linear': {
    ...COURSE,
    batch: 32,
    epochs: 13,
    size: 224,
    cropFactor: 1.4,
    rate: 1e-4,
    rates: [
      { until: 10 / 13, factor: 1 },
      { until: 1, factor: 0.1 },
    ],
    augmentation: { ...DEFAULT_AUGMENTATION, mirror: 0, patch: 0, blur: 0, noise: 0, shade: 0, blink: 0 },
  },
};
