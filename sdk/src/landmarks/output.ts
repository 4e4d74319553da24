import { LANDMARK_COUNT, MIRROR } from './schema.ts';

/** What a landmark network says of `n` crops, one after another. */
export interface LandmarkOutput {
  /** `[n, 136]`: x0, y0, x1, … in crop units (0..1). */
  readonly keypoints: Float32Array;
  /** `[n, 68]`: expected error of each point, crop units. */
  readonly spread: Float32Array;
  /** `[n]`: probability that the crop holds a face. */
  readonly presence: Float32Array;
}

const ROW = LANDMARK_COUNT * 3 + 1;

/** @param values `[n, 205]`: points, expected errors and presence of each crop in turn */
export function outputOf(values: Float32Array): LandmarkOutput {
  const n = values.length / ROW;
  const keypoints = new Float32Array(n * 2 * LANDMARK_COUNT);
  const spread = new Float32Array(n * LANDMARK_COUNT);
  const presence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * ROW, (i + 1) * ROW);
    keypoints.set(row.subarray(0, 2 * LANDMARK_COUNT), i * 2 * LANDMARK_COUNT);
    spread.set(row.subarray(2 * LANDMARK_COUNT, 3 * LANDMARK_COUNT), i * LANDMARK_COUNT);
    presence[i] = row[ROW - 1];
  }
  return { keypoints, spread, presence };
}

/**
 * What was said of crops, from what was said of their mirror images.
 * @param markupShift how far right of it the network says what it sees, as the people who marked its pictures did; crop units
 */
export function unmirrored({ keypoints, spread, presence }: LandmarkOutput, markupShift = 0): LandmarkOutput {
  const other = (point: number) => point - (point % LANDMARK_COUNT) + MIRROR[point % LANDMARK_COUNT];
  return {
    keypoints: keypoints.map((_, at) => {
      const value = keypoints[2 * other(at >> 1) + (at % 2)];
      return at % 2 === 0 ? 1 + 2 * markupShift - value : value;
    }),
    spread: spread.map((_, point) => spread[other(point)]),
    presence,
  };
}

/** The mean of what was said of the same crops twice. */
export function meanOutput(a: LandmarkOutput, b: LandmarkOutput): LandmarkOutput {
  const mean = (x: Float32Array, y: Float32Array) => x.map((value, i) => (value + y[i]) / 2);
  return {
    keypoints: mean(a.keypoints, b.keypoints),
    spread: mean(a.spread, b.spread),
    presence: mean(a.presence, b.presence),
  };
}
