/** Activations of 7 bits, of inputs that are nowhere below zero: sixteen products an instruction, of relaxed SIMD. */

import { convolve as convolveOf } from './kernel';
import { Layer } from './layer';

export function convolve(layer: Layer, x: usize, padded: usize, y: usize): void {
  convolveOf<i8>(layer, x, padded, y);
}
