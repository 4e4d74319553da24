/** Activations of up to 16 bits: eight products an instruction, where float32 has four and needs two. */

import { convolve as convolveOf } from './kernel';
import { Layer } from './layer';

export function convolve(layer: Layer, x: usize, padded: usize, y: usize): void {
  convolveOf<i16>(layer, x, padded, y);
}
