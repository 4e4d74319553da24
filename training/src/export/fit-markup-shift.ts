import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { evaluateOnSamples, type FaceResult } from '../evaluation/on-samples.ts';
import { mean, median } from '../support/statistics.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import { withMarkupShift } from '../models/markup-shift.ts';
import { FoldedNetwork } from './folded-network.ts';
import type { Source } from './source.ts';

/**
 * How far right of where the network sees them people have marked the points, crop units: the median over the faces. Every
 * other training crop is flipped, so whatever habit or tool moves all marks to one side cannot be learned, as it can be up
 * or down.
 * @param faces marked by hand, where there are such
 * @returns 0 of none
 */
export async function fitMarkupShift(
  engine: Engine,
  { network, layers, about: { inputSize, cropFactor } }: Source,
  faces: readonly Sample[],
  onProgress?: (done: number) => void,
): Promise<number> {
  const runner = new FoldedNetwork(engine, withMarkupShift(network, 0), layers);
  const predict = (crops: Float32Array) => runner.predict(crops, inputSize);
  try {
    const input = faceCropInput(inputSize, cropFactor);
    const results = await evaluateOnSamples(faces, input, predict, undefined, onProgress);
    const shifts = results.map(shiftOf).filter(Number.isFinite);
    return shifts.length > 0 ? median(shifts) : 0;
  } finally {
    runner.dispose();
  }
}

function shiftOf({ sample: { points }, predicted, span }: FaceResult): number {
  if (!points) return NaN;
  const known = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i] - predicted[2 * i]);
  return mean(known.filter((value) => !Number.isNaN(value))) / span;
}
