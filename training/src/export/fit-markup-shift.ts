import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { markupShiftOf } from '../evaluation/markup-shift.ts';
import { evaluateOnSamples } from '../evaluation/on-samples.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import { withMarkupShift } from '../models/markup-shift.ts';
import { FoldedNetwork } from './folded-network.ts';
import type { Source } from './source.ts';

/**
 * How far right of where the network sees them people have marked the points, crop units, see `markupShiftOf`.
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
    return markupShiftOf(await evaluateOnSamples(faces, input, predict, undefined, onProgress));
  } finally {
    runner.dispose();
  }
}
