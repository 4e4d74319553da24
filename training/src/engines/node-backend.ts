import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name, in the caller's thread. */
export interface NodeBackend {
  binding: Record<
    'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT',
    number
  > & {
    readonly TF_Version: string;
    executeOp(this: void, name: string, ...rest: unknown[]): unknown;
    createTensor(this: void, ...args: unknown[]): unknown;
  };
  executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

export function isNodeBackend(backend: object): boolean {
  return 'binding' in backend && 'executeSingleOutput' in backend;
}

export function nodeBackend(tf: Tf): NodeBackend {
  return tf.backend() as unknown as NodeBackend;
}
