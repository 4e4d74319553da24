import type { Mix } from '../augmentation/plan.ts';
import type { AugmentationSettings } from '../augmentation/settings.ts';

/** Learning rate: linear warm-up, then half a cosine down to a hundredth. (Loshchilov and Hutter, "SGDR", 2017.) */
export function learningRate(step: number, steps: number, peak: number): number {
  const warmUp = Math.min(200, Math.ceil(steps / 10));
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  const progress = (step - warmUp) / Math.max(1, steps - warmUp);
  return peak * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress))));
}

/** A part of a run at a constant rate. */
export interface RateStep {
  /** It lasts until this share of the run. */
  readonly until: number;
  /** Of the peak rate. */
  readonly factor: number;
}

/** Learning rate of a schedule of constant rates. */
export function steppedRate(step: number, steps: number, peak: number, rates: readonly RateStep[]): number {
  const { factor } = rates.find(({ until }) => step < until * steps) ?? rates[rates.length - 1];
  return peak * factor;
}

/** What the crops of a part of the run are drawn from. */
export interface Phase {
  /** The phase lasts until this share of the run. */
  readonly until: number;
  readonly mix: Mix;
  /** Share of crops without a face. */
  readonly negativeShare: number;
  /** In place of the run's. */
  readonly augmentation?: AugmentationSettings;
}

export function phaseAt(phases: readonly Phase[], progress: number): Phase {
  return phases.find(({ until }) => progress < until) ?? phases[phases.length - 1];
}
