import { hash } from '../support/hash.ts';
import { randomOf, type Random } from '../support/random.ts';

/** A weight: values in JavaScript's memory, as checkpoints hold them. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Running statistics are carried along but take no gradient. */
  readonly trainable: boolean;
}

export type Parameters = Map<string, Parameter>;

/** A folded layer to start from. */
export interface InitialLayer {
  /** HWIO (dense: IO). */
  readonly kernel?: Float32Array;
  /** The kernel's. */
  readonly shape?: readonly number[];
  readonly bias?: Float32Array;
}

/** Folded layers to start from, by name. */
export type InitialLayers = Map<string, InitialLayer>;

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

/** Kaiming-uniform for layers followed by ReLU (He et al., 2015): bound sqrt(6 / fan in). */
export function kaimingUniform(shape: readonly number[], seed: number, name: string): Float32Array {
  return uniform(shape, Math.sqrt(6 / sizeOf(shape.slice(0, -1))), seed, name);
}

/** Xavier-uniform (Glorot and Bengio, 2010): bound sqrt(6 / (fan in + fan out)). */
export function xavierUniform(shape: readonly number[], seed: number, name: string): Float32Array {
  const fanOut = shape[shape.length - 1];
  return uniform(shape, Math.sqrt(6 / (sizeOf(shape.slice(0, -1)) + fanOut)), seed, name);
}

function uniform(shape: readonly number[], bound: number, seed: number, name: string): Float32Array {
  const random = randomOf(seed, hash(name));
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = random.between(-bound, bound);
  return values;
}

function normal(count: number, deviation: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal() * deviation);
}
