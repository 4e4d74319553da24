import { regionOfPoints } from '../../../sdk/src/crop/region.ts';
import { sampleCrop } from '../../../sdk/src/crop/sample.ts';
import { estimatePose } from '../../../sdk/src/landmarks/pose.ts';
import { boxOf, IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import type { FaceResult } from '../evaluation/on-samples.ts';
import { mean } from '../support/statistics.ts';

/** NME over groups of faces that are alike in something. */
export interface Condition {
  readonly name: string;
  /** How it is measured, in a few words. */
  readonly measure: string;
  readonly groups: readonly { readonly label: string; readonly faces: number; readonly nme: number }[];
}

/** Side of the crop on which light and sharpness are measured, so that the picture's size does not matter. */
const SIDE = 96;
const YAW_EDGES = [10, 20, 30, 45];
/** With fewer faces, quarters say nothing. */
const FEWEST_FACES = 12;

export function conditionsOf(results: readonly FaceResult[], schema: LandmarkSchema): Condition[] {
  const measured = results.filter(({ nme }) => Number.isFinite(nme));
  if (measured.length < FEWEST_FACES) return [];
  const crops = measured.map(({ sample }) => faceCrop(sample));
  const size = measured.map(({ sample }) => faceSize(sample));
  const quarters = (name: string, measure: string, values: number[], words: readonly [string, string]) => ({
    name,
    measure,
    groups: inQuarters(measured, values, words),
  });
  return [
    ...yawCondition(measured, schema),
    quarters('Sharpness', 'variance of the Laplacian over that of the face, at 96 px', crops.map(sharpness), [
      'blurred',
      'sharp',
    ]),
    quarters('Light', 'mean grey of the face, 0 to 255', crops.map(mean), ['dark', 'bright']),
    quarters('Size', 'longer side of the face’s box, px', size, ['small', 'large']),
  ];
}

function yawCondition(results: readonly FaceResult[], schema: LandmarkSchema): Condition[] {
  if (schema.name !== IBUG68.name) return [];
  const yaws = results.map(({ sample }) => Math.abs(estimatePose(sample.points ?? []).yaw));
  const edges = [0, ...YAW_EDGES, Infinity];
  const groups = edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1];
    const label = to === Infinity ? `over ${from}°` : `${from} to ${to}°`;
    return groupOf(
      label,
      results.filter((_, f) => yaws[f] >= from && yaws[f] < to),
    );
  });
  return [
    {
      name: 'Head turned by',
      measure: 'yaw estimated from the annotated points, where all that it needs are there',
      groups: groups.filter(({ faces }) => faces > 0),
    },
  ];
}

function inQuarters(
  results: readonly FaceResult[],
  values: readonly number[],
  [low, high]: readonly [string, string],
): Condition['groups'] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  return [0, 1, 2, 3].map((quarter) => {
    const members = order.slice(
      Math.floor((quarter * order.length) / 4),
      Math.floor(((quarter + 1) * order.length) / 4),
    );
    const range = `${short(values[members[0]])}–${short(values[members[members.length - 1]])}`;
    const word = quarter === 0 ? `${low} ` : quarter === 3 ? `${high} ` : '';
    return groupOf(
      `${word}${range}`,
      members.map((i) => results[i]),
    );
  });
}

function groupOf(label: string, results: readonly FaceResult[]) {
  return { label, faces: results.length, nme: mean(results.map(({ nme }) => nme)) };
}

function boxOfFace({ box, points = new Float32Array(0) }: Sample): readonly [number, number, number, number] {
  return box ?? boxOf(points);
}

function faceSize(sample: Sample): number {
  const [left, top, right, bottom] = boxOfFace(sample);
  return Math.max(right - left, bottom - top);
}

function faceCrop(sample: Sample): Float32Array {
  return sampleCrop(sample.image, regionOfPoints(boxOfFace(sample), 1), SIDE);
}

/** A blurred face has little left between neighbouring pixels, whatever its contrast (Pech-Pacheco et al., 2000). */
function sharpness(crop: Float32Array): number {
  const edges: number[] = [];
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const i = y * SIDE + x;
      edges.push(crop[i - 1] + crop[i + 1] + crop[i - SIDE] + crop[i + SIDE] - 4 * crop[i]);
    }
  }
  return variance(edges) / (variance(crop) || 1);
}

function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum / values.length;
}

function short(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}
