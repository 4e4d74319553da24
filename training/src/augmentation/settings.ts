/** How a training crop may differ from its picture. Deviations are of normal distributions. */
export interface AugmentationSettings {
  /** Degrees. */
  readonly rotation: number;
  /** Share of the crop's side. */
  readonly shift: number;
  /** Of the natural logarithm of the scale. */
  readonly scale: number;
  /** Of the binary logarithm of gamma. */
  readonly gamma: number;
  /** Probabilities. */
  readonly mirror: number;
  readonly patch: number;
  readonly blur: number;
  readonly noise: number;
  readonly shade: number;
  /** Eyes closed by warping. Absent in runs that were started before it was there. */
  readonly blink?: number;
  /** Other proportions, see `randomWarp`; a deviation. Absent: none. */
  readonly warp?: number;
}

export const DEFAULT_AUGMENTATION: AugmentationSettings = {
  rotation: 14,
  shift: 0.035,
  scale: 0.07,
  gamma: 0.35,
  mirror: 0.5,
  patch: 0.4,
  blur: 0.15,
  noise: 0.2,
  shade: 0.3,
  blink: 0.12,
};
