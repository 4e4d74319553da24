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

/** A weight where the engine keeps it; all four of one shape. */
export interface ResidentWeight {
  readonly values: tfTypes.Tensor;
  readonly first: tfTypes.Tensor;
  readonly second: tfTypes.Tensor;
  readonly average: tfTypes.Tensor;
}

/** One step of Adam, as `adamStep` has it. */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The rate, with Adam's correction for its moments' start at zero. */
  readonly scale: number;
  /** What the weights' moving average keeps of itself, 0..1. */
  readonly averaging: number;
}

/** Updates of tensors in the engine's memory, for engines to and from which weights travel slowly. */
export interface InPlaceUpdates {
  adam(weights: readonly (ResidentWeight & { readonly gradient: tfTypes.Tensor })[], step: AdamStep): void;
  /** Moves `values` towards what was seen, keeping `momentum` of them, and the average after them. */
  follow(
    weights: readonly (Pick<ResidentWeight, 'values' | 'average'> & { readonly seen: tfTypes.Tensor })[],
    momentum: number,
    averaging: number,
  ): void;
  /** What a tensor holds after updates. */
  read(tensor: tfTypes.Tensor): Promise<Float32Array>;
}

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
  /** Where weights stay in the engine's memory from step to step; otherwise they are in JavaScript's. */
  readonly inPlace?: InPlaceUpdates;
  /** Lets go of the device, which else would keep the process from ending. */
  [Symbol.dispose](): void;
}
