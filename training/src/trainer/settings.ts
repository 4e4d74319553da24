import { DEFAULT_AUGMENTATION, type AugmentationSettings } from '../augmentation/settings.ts';
import { DEFAULT_LOSS, type LossWeights } from '../losses/landmark-loss.ts';
import type { Phase } from './schedule.ts';

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
  /** The published weights: hard and noisy sets beside the 300-W faces first, those almost alone at the end. */
  w300: {
    ...COMMON,
    epochs: 50,
    stepsPerEpoch: 64,
    phases: [
      {
        until: 0.75,
        mix: {
          lfpw: 0.24,
          helen: 0.26,
          afw: 0.12,
          helen256: 0.11,
          aflw2000: 0.16,
          webmorph: 0.03,
          ytfaces: 0.03,
          fgnet: 0.03,
          facesynthetics: 0.02,
        },
        negativeShare: 0.06,
      },
      {
        until: 1,
        mix: { lfpw: 0.34, helen: 0.36, afw: 0.16, aflw2000: 0.12, fgnet: 0.02 },
        negativeShare: 0.05,
      },
    ],
  },
} as const satisfies Record<string, TrainSettings>;

export type PresetName = keyof typeof PRESETS;
