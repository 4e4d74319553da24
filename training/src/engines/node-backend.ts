import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name. */
export interface NodeBackend {
  readonly binding: Record<
    'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT',
    number
  > & { readonly TF_Version: string };
  executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

export function nodeBackend(tf: Tf): NodeBackend {
  return tf.backend() as unknown as NodeBackend;
}
