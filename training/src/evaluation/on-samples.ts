import type { Sample } from '../datasets/sample.ts';
import { IBUG68, unitOf, type LandmarkSchema } from '../datasets/schema.ts';
import type { InputStep, Placement } from '../inputs/input.ts';
import type { Predictions } from '../models/predictions.ts';
import type { ErrorPair } from './error-law.ts';
import { faceError, type FaceError } from './metrics.ts';

/** One face's outcome, px of its picture. */
export interface FaceResult extends FaceError {
  readonly sample: Sample;
  readonly predicted: Float32Array;
  /** Expected error of each landmark; absent in networks that give none. */
  readonly spread?: Float32Array;
  /** Probability that the input holds a face; absent in networks that are not asked. */
  readonly presence?: number;
  /** What one unit along the input's width spans in the picture. */
  readonly span: number;
  /** What the face's NME is measured by; `NaN` where the annotation lacks a point that it needs, or has no more than one. */
  readonly unit: number;
}

/** What a network says of `[n, height, width]` inputs, now or when the engine has computed it. */
export type Predict = (inputs: Float32Array) => Predictions | Promise<Predictions>;

/** Inputs of annotated faces, cut once for any number of measurements. */
export interface PreparedFaces {
  readonly samples: readonly Sample[];
  readonly placements: readonly Placement[];
  /** `[n, height, width]`, as the network is used: not augmented. */
  readonly inputs: Float32Array;
  readonly input: InputStep;
}

/** Activations of a batch stay near this many input pixels: 32 crops of 128 px. */
const PIXELS_AT_ONCE = 32 * 128 * 128;

export function prepareFaces(samples: readonly Sample[], input: InputStep): PreparedFaces {
  const pixels = input.width * input.height;
  const inputs = new Float32Array(samples.length * pixels);
  const placements = samples.map((sample, i) =>
    input.prepare(sample, inputs.subarray(i * pixels, (i + 1) * pixels)),
  );
  return { samples, placements, inputs, input };
}

/** Every face's outcome, its input made as the network is used. */
export async function evaluateOnSamples(
  samples: readonly Sample[],
  input: InputStep,
  predict: Predict,
  schema: LandmarkSchema = IBUG68,
  onProgress: (done: number) => void = () => {},
): Promise<FaceResult[]> {
  const results: FaceResult[] = [];
  const atOnce = batchOf(input);
  for (let start = 0; start < samples.length; start += atOnce) {
    const faces = prepareFaces(samples.slice(start, start + atOnce), input);
    const said = await predict(faces.inputs);
    results.push(...evaluatePrepared(faces, () => said, schema));
    onProgress(results.length);
  }
  return results;
}

export function evaluatePrepared(
  { samples, placements, inputs, input }: PreparedFaces,
  predict: (inputs: Float32Array) => Predictions,
  schema: LandmarkSchema = IBUG68,
): FaceResult[] {
  const results: FaceResult[] = [];
  const pixels = input.width * input.height;
  const atOnce = batchOf(input);
  for (let start = 0; start < samples.length; start += atOnce) {
    const said = predict(inputs.subarray(start * pixels, (start + atOnce) * pixels));
    samples.slice(start, start + atOnce).forEach((sample, i) => {
      results.push(resultOf(sample, placements[start + i], said, i, schema));
    });
  }
  return results;
}

/** Distance and spread of each annotated point, in units of `unit` px; none where the network gives no spread. */
export function errorPairs({ sample, predicted, spread }: FaceResult, unit = 1): ErrorPair[] {
  const { points } = sample;
  if (!points || !spread) return [];
  const pairs: ErrorPair[] = [];
  spread.forEach((expected, i) => {
    const distance = Math.hypot(predicted[2 * i] - points[2 * i], predicted[2 * i + 1] - points[2 * i + 1]);
    if (!Number.isNaN(distance)) pairs.push({ distance: distance / unit, spread: expected / unit });
  });
  return pairs;
}

function batchOf({ width, height }: InputStep): number {
  return Math.max(1, Math.floor(PIXELS_AT_ONCE / (width * height)));
}

/** Of the face that is number `i` of those that the network was given together. */
function resultOf(
  sample: Sample,
  { toImage, span }: Placement,
  { keypoints, spread, presence }: Predictions,
  i: number,
  schema: LandmarkSchema,
): FaceResult {
  const { set, name, points = new Float32Array(0), box } = sample;
  const { count } = schema;
  const predicted = toImage(keypoints.subarray(2 * i * count, 2 * (i + 1) * count));
  const length = sample.unit ?? unitOf(schema, points, box);
  // A single point spans nothing to measure by.
  const unit = length > 0 ? length : NaN;
  return {
    set,
    name,
    ...faceError(predicted, points, unit),
    sample,
    predicted,
    spread:
      spread.length > 0 ? spread.slice(i * count, (i + 1) * count).map((value) => value * span) : undefined,
    presence: presence.length > 0 ? presence[i] : undefined,
    span,
    unit,
  };
}
