import type { Sample } from '../datasets/sample.ts';
import { IBUG68, unitOf, type LandmarkSchema } from '../datasets/schema.ts';
import type { InputStep, Placement } from '../inputs/input.ts';
import { faceError, type FaceError } from './metrics.ts';

/** One face's outcome, px of its picture. */
export interface FaceResult extends FaceError {
  readonly sample: Sample;
  readonly predicted: Float32Array;
  /** Expected error of each landmark; absent in networks that give none. */
  readonly spread?: Float32Array;
  /** What one unit along the input's width spans in the picture. */
  readonly span: number;
}

/** What a network says of `[n, height, width]` inputs, in input units. */
export type Predict = (inputs: Float32Array) => {
  readonly keypoints: Float32Array;
  readonly spread?: Float32Array;
};

/** Activations of a batch stay near this many input pixels: 32 crops of 128 px. */
const PIXELS_AT_ONCE = 32 * 128 * 128;

/** Every face's outcome, its input made as the network is used: not augmented. */
export function evaluateOnSamples(
  samples: readonly Sample[],
  input: InputStep,
  predict: Predict,
  schema: LandmarkSchema = IBUG68,
  onProgress: (done: number) => void = () => {},
): FaceResult[] {
  const results: FaceResult[] = [];
  const pixels = input.width * input.height;
  const atOnce = Math.max(1, Math.floor(PIXELS_AT_ONCE / pixels));
  for (let start = 0; start < samples.length; start += atOnce) {
    const batch = samples.slice(start, start + atOnce);
    const inputs = new Float32Array(batch.length * pixels);
    const placements: Placement[] = batch.map((sample, i) =>
      input.prepare(sample, inputs.subarray(i * pixels, (i + 1) * pixels)),
    );
    const { keypoints, spread } = predict(inputs);
    const length = 2 * schema.count;
    batch.forEach((sample, i) => {
      const { set, name, points = new Float32Array(0), box, unit } = sample;
      const predicted = placements[i].toImage(keypoints.subarray(i * length, (i + 1) * length));
      const expected = spread?.length
        ? spread.slice(i * schema.count, (i + 1) * schema.count).map((value) => value * placements[i].span)
        : undefined;
      const error = faceError(predicted, points, unit ?? unitOf(schema, points, box));
      results.push({ set, name, ...error, sample, predicted, spread: expected, span: placements[i].span });
    });
    onProgress(results.length);
  }
  return results;
}
