import {
  corrected,
  fitCorrection,
  fitLaw,
  quantile,
  type ErrorPair,
  type SpreadCorrection,
} from '../evaluation/error-law.ts';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import { DIFFICULTY } from '../models/landmark-head.ts';
import type { SpreadCalibration } from './model-file.ts';
import type { QuantizedLayers } from './quantize.ts';

/** The dense layer whose outputs are the 68 logarithms of `spread` and the logit of `presence`, where there is one. */
export function spreadLayerOf(layers: QuantizedLayers): string | undefined {
  const found = [...layers].find(
    ([, { shape, bias }]) => shape.length === 2 && bias.length === LANDMARK_COUNT + 1,
  );
  return found?.[0];
}

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

/** The correction inside the layers that make `log(spread)`, so that no reader of the file needs to know of it. */
export function foldCorrection(
  layers: QuantizedLayers,
  { offset, slope }: SpreadCorrection,
): QuantizedLayers {
  const name = spreadLayerOf(layers);
  const layer = name === undefined ? undefined : layers.get(name);
  if (name === undefined || !layer)
    throw new Error('the network has no layer that gives spread and presence');
  const scaled = (values: Float32Array, shift: number) =>
    values.map((value, i) => (i < LANDMARK_COUNT ? value * slope + shift : value));
  const folded = new Map(layers).set(name, {
    ...layer,
    scale: scaled(layer.scale, 0),
    bias: scaled(layer.bias, offset),
  });
  const place = layers.get(DIFFICULTY);
  if (place) {
    const sloped = (values: Float32Array) => values.map((value) => value * slope);
    folded.set(DIFFICULTY, { ...place, scale: sloped(place.scale), bias: sloped(place.bias) });
  }
  return folded;
}
