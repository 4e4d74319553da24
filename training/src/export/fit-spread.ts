import type { Tensor3D } from '@tensorflow/tfjs';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { DIFFICULTY } from '../models/landmark-head.ts';
import type { FoldedLayer } from './fold.ts';
import { gammaRegression } from './gamma-regression.ts';
import { landmarkFeatures } from './landmark-features.ts';
import type { Source } from './source.ts';
import { spreadOut } from './spread-out.ts';

/** Each face in as many crops as give this number; of more faces so many, or features would fill the memory. */
const CROPS = 4000;
/** Against overfitting, where features have a deviation of one and an error counts one. */
const RIDGE = 0.02;
/** Of the constant: against a division by zero only. */
const LEAST_RIDGE = 1e-6;

/**
 * The layer of expected errors, fitted afresh on training faces while everything else stands still. Trained along with the
 * points it follows the noise of machine-made labels and, at the end, what has been learned by heart.
 * @param faces marked by hand
 */
export function fitSpreadLayer(
  engine: Engine,
  source: Source,
  faces: readonly Sample[],
  onProgress: (done: number, total: number) => void = () => {},
): ReadonlyMap<string, FoldedLayer> {
  const { tf } = engine;
  const shown = faces.length > CROPS ? spreadOut(faces, CROPS) : faces;
  const count = shown.length * Math.ceil(CROPS / shown.length);
  const { features, distances, known } = landmarkFeatures(engine, source, shown, count, onProgress);
  const channels = features.shape[2];
  const { mean, deviation, weights, seen } = tf.tidy(() => {
    const { mean, variance } = tf.moments(features, [0, 1]);
    const deviation = variance.sqrt().add(1e-4);
    const standard = features.sub(mean).div(deviation);
    const constant = tf.ones([LANDMARK_COUNT, count, 1]);
    const ridge = [...new Array<number>(channels).fill(RIDGE), LEAST_RIDGE];
    const rows = {
      features: tf.concat([standard, constant], 2) as Tensor3D,
      values: distances,
      counts: known,
    };
    return {
      mean: Array.from(mean.dataSync()),
      deviation: Array.from(deviation.dataSync()),
      weights: gammaRegression(engine, rows, ridge),
      seen: Array.from(known.sum(1).dataSync()),
    };
  });
  tf.dispose([features, distances, known]);

  const trained = source.layers.get(DIFFICULTY);
  const kernel = trained?.kernel.slice() ?? new Float32Array(channels * LANDMARK_COUNT);
  const bias = trained?.bias.slice() ?? new Float32Array(LANDMARK_COUNT);
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark++) {
    // Of a landmark that none of these faces shows there is nothing to learn: it stays as it was trained.
    if (seen[landmark] === 0) continue;
    const own = weights.subarray(landmark * (channels + 1), (landmark + 1) * (channels + 1));
    bias[landmark] = own[channels];
    for (let c = 0; c < channels; c++) {
      kernel[c * LANDMARK_COUNT + landmark] = own[c] / deviation[c];
      bias[landmark] -= (own[c] * mean[c]) / deviation[c];
    }
  }
  return new Map(source.layers).set(DIFFICULTY, { kernel, shape: [1, 1, channels, LANDMARK_COUNT], bias });
}
