/** What the kernels share: a layer as `convolutions.ts` writes it into memory, and the way in and out of its sums. */

/** Fields of 32 bits in this order. */
@unmanaged
export class Layer {
  /** Of the weights: blocks of 8 filters; in a block rows of the kernel; in a row groups of values, for each filter in turn. */
  weights: u32;
  /** One float32 a filter: the weight that 1 stands for. */
  scales: u32;
  /** One float32 a filter. */
  biases: u32;
  filters: i32;
  kernelHeight: i32;
  /** Of values along a row of the kernel, all its channels, as many as one lane multiplies; the last filled up with zeros. */
  groups: i32;
  stride: i32;
  channels: i32;
  inputHeight: i32;
  inputWidth: i32;
  outputHeight: i32;
  outputWidth: i32;
  /** Zeros above and left of the input. */
  top: i32;
  left: i32;
  paddedHeight: i32;
  paddedWidth: i32;
  /** Largest integer that an activation may become. */
  limit: f32;
  /** 0: as it is. 1: not below zero. */
  relu: i32;
}

export const FLOAT = 4;
/** Filters of a block, pixels of a tile: as many sums as fit the registers. */
export const BLOCK = 8;
export const TILE = 4;

/** Of the values without their signs. */
export function largestOf(x: usize, size: i32): f32 {
  let four = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= size; i += 4) four = f32x4.max(four, f32x4.abs(v128.load(x + i * FLOAT)));
  let largest: f32 = max(
    max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
    max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
  );
  for (; i < size; i++) largest = max(largest, abs(load<f32>(x + i * FLOAT)));
  return largest;
}

/** Four float32 times the factors, to the nearest integers. */
export function rounded(four: v128, factors: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(four, factors)));
}

/** Where in the padded input a pixel's taps begin, bytes. */
export function cornerOf(pixel: i32, outputWidth: i32, toNextPixel: i32, toNextRow: i32): usize {
  const row = pixel / outputWidth;
  return row * toNextRow + (pixel - row * outputWidth) * toNextPixel;
}

/** Four sums as float32, scaled, with their biases, none below `lowest`. */
export function put(y: usize, sums: v128, scale: v128, bias: v128, lowest: v128): void {
  const values = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), bias);
  v128.store(y, f32x4.max(values, lowest));
}
