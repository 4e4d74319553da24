import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engines/engine.ts';

/** The same values, through which no gradient goes back. */
export function withoutGradient(tf: Tf, x: Tensor): Tensor {
  return tf.customGrad((value) => ({
    value: (value as Tensor).clone(),
    gradFunc: (dy) => tf.zerosLike(dy as Tensor),
  }))(x);
}
