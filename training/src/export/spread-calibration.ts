import {
  corrected,
  fitCorrection,
  fitLaw,
  quantile,
  type ErrorPair,
  type SpreadCorrection,
} from '../evaluation/error-law.ts';
import { DIFFICULTY } from '../models/landmark-head.ts';
import type { SpreadCalibration } from './model-file.ts';
import type { QuantizedLayers } from './quantize.ts';

export interface FittedSpread {
  readonly correction: SpreadCorrection;
  readonly calibration: SpreadCalibration;
}

/** Fits what `spread` should have been, and how errors lie about it, on faces that were not trained on. */
export function fitSpread(pairs: readonly ErrorPair[], split: string, faces: number): FittedSpread {
  const correction = fitCorrection(pairs);
  const law = fitLaw(
    pairs.map(({ distance, spread }) => ({ distance, spread: corrected(correction, spread) })),
  );
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    correction,
    calibration: {
      law: law.law,
      shape: round(law.shape),
      split,
      faces,
      median: round(quantile(law, 0.5)),
      ninetieth: round(quantile(law, 0.9)),
    },
  };
}

/** The correction inside the layer that gives `log(spread)`, so that no reader of the file needs to know of it. */
export function foldCorrection(
  layers: QuantizedLayers,
  { offset, slope }: SpreadCorrection,
): QuantizedLayers {
  const layer = layers.get(DIFFICULTY);
  if (!layer) throw new Error('the network has no layer that gives expected errors');
  return new Map(layers).set(DIFFICULTY, {
    ...layer,
    scale: layer.scale.map((value) => value * slope),
    bias: layer.bias.map((value) => value * slope + offset),
  });
}
