import { randomOf, type Random } from '../support/random.ts';

/** A weight: values in JavaScript's memory, where the optimiser and the checkpoints live. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Running statistics are carried along but take no gradient. */
  readonly trainable: boolean;
}

export type Parameters = Map<string, Parameter>;

/** Folded layers to start from: kernels HWIO (dense: IO) and biases, by layer name. */
export type InitialLayers = Map<string, { readonly kernel?: Float32Array; readonly bias?: Float32Array }>;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Number of trainable values. */
export function trainableCount(parameters: Parameters): number {
  let count = 0;
  for (const parameter of parameters.values()) if (parameter.trainable) count += parameter.values.length;
  return count;
}

/** He initialisation for layers followed by ReLU (He et al., 2015), from a generator of the layer's own. */
export function heNormal(shape: readonly number[], seed: number, name: string): Float32Array {
  const fanIn = sizeOf(shape.slice(0, -1));
  return normal(sizeOf(shape), Math.sqrt(2 / fanIn), randomOf(seed, hash(name)));
}

function normal(count: number, deviation: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal() * deviation);
}

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value;
}
