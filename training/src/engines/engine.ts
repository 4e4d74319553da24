import type * as tfTypes from '@tensorflow/tfjs';

/** The whole tfjs API, as the engine supplies it. Everything else imports only its types. */
export type Tf = typeof tfTypes;

export const ENGINE_NAMES = ['node-gpu', 'node', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Output of a batch norm in training mode. */
export interface BatchNormOutput {
  /** Normalised, scaled and shifted, the shape of the input. */
  readonly y: tfTypes.Tensor4D;
  /** Mean and (biased) variance of each channel over the batch, kept: the caller disposes them. */
  readonly mean: tfTypes.Tensor1D;
  readonly variance: tfTypes.Tensor1D;
}

/** Differentiable in `x`, `gamma` and `beta`. */
export type BatchNorm = (
  x: tfTypes.Tensor4D,
  gamma: tfTypes.Tensor1D,
  beta: tfTypes.Tensor1D,
  epsilon: number,
) => BatchNormOutput;

/** Max pooling, differentiable in `x`. */
export type MaxPool = (
  x: tfTypes.Tensor4D,
  window: number,
  stride: number,
  padding: 'same' | 'valid',
) => tfTypes.Tensor4D;

/** What computes: one `tf` object, its backend ready. */
export interface Engine {
  readonly name: EngineName;
  readonly tf: Tf;
  /** For people: library, version, device. */
  readonly description: string;
  /** A fused training batch norm, where the engine has one. */
  readonly batchNorm?: BatchNorm;
  /** ReLU with a fused gradient, where the engine has one. */
  readonly relu?: (x: tfTypes.Tensor) => tfTypes.Tensor;
  /** Max pooling with a cheaper gradient, where the engine has one. */
  readonly maxPool?: MaxPool;
}
