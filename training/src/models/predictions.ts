import type { Tensor } from '@tensorflow/tfjs';

/** What a network says of n inputs, read back from the engine; empty where it does not say. */
export interface Predictions {
  /** `[n, 2 * landmarks]` as x0, y0, x1, …, input units. */
  readonly keypoints: Float32Array;
  /** `[n, landmarks]`, input units. */
  readonly spread: Float32Array;
  /** `[n]`, 0..1. */
  readonly presence: Float32Array;
}

/** Reads what a network gave from the engine, and disposes it. */
export async function readPredictions(
  keypoints: Tensor,
  spread: Tensor,
  presence: Tensor,
): Promise<Predictions> {
  const read = async (tensor: Tensor) => {
    // A copy: what an engine gives may be a view on its memory.
    const values = Float32Array.from(await tensor.data());
    tensor.dispose();
    return values;
  };
  return { keypoints: await read(keypoints), spread: await read(spread), presence: await read(presence) };
}
