/** What a network says of n inputs, read back from the engine; empty where it does not say. */
export interface Predictions {
  /** `[n, 2 * landmarks]` as x0, y0, x1, …, input units. */
  readonly keypoints: Float32Array;
  /** `[n, landmarks]`, input units. */
  readonly spread: Float32Array;
  /** `[n]`, 0..1. */
  readonly presence: Float32Array;
}
