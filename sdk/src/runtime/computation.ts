import type { Tensor, Tensor4D } from './tf.ts';

/** From inputs to numbers: nothing but operations, the same each time. */
export interface Computation {
  compute(inputs: Tensor4D): Tensor;
  /** Of one input. */
  readonly shape: readonly [height: number, width: number, channels: number];
}
