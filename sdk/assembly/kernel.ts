/**
 * The convolution of `src/runtime/integer`, in AssemblyScript: `npm run kernels` compiles it, once for each size of the
 * activations. Products with 8-bit weights are summed in 32 bits.
 */

import { Layer } from './layer';

const FLOAT = 4;
/** Bytes of activations that one lane multiplies: two of 16 bits or four of 8. */
const LANE = 4;
/** Filters of a block, pixels of a tile: as many sums as fit the registers. */
const BLOCK = 8;
const TILE = 4;

/**
 * @param T of the activations: i16, or i8 for inputs that are nowhere below zero, which then have 7 bits
 * @param x `[inputHeight, inputWidth, channels]`, float32
 * @param padded scratch: `[paddedHeight, paddedWidth, channels]`, T, and 16 bytes more
 * @param y `[outputHeight, outputWidth, filters]`, float32; room for 4 pixels at least
 */
export function convolve<T>(layer: Layer, x: usize, padded: usize, y: usize): void {
  const size = layer.inputHeight * layer.inputWidth * layer.channels;
  const largest = largestOf(x, size);
  const step: f32 = largest / layer.limit;
  quantize<T>(layer, x, padded, largest > 0 ? layer.limit / largest : 0);
  const blocks = (layer.filters + BLOCK - 1) / BLOCK;
  for (let block = 0; block < blocks; block++) convolveBlock<T>(layer, block, padded, step, y);
}

/** The input as integers within zeros. What no tap reaches, on the right and below, is left out. */
function quantize<T>(layer: Layer, x: usize, padded: usize, factor: f32): void {
  const channels = layer.channels;
  const top = layer.top;
  const rowBytes = layer.paddedWidth * channels * sizeof<T>();
  memory.fill(padded, 0, layer.paddedHeight * rowBytes + 16);
  const rows = min(layer.inputHeight, layer.paddedHeight - top);
  const length = min(layer.inputWidth, layer.paddedWidth - layer.left) * channels;
  const factors = f32x4.splat(factor);
  for (let row = 0; row < rows; row++) {
    let from = x + row * layer.inputWidth * channels * FLOAT;
    let to = padded + (row + top) * rowBytes + layer.left * channels * sizeof<T>();
    let i = 0;
    for (; i + 16 / sizeof<T>() <= length; i += 16 / sizeof<T>()) {
      v128.store(to, integers<T>(from, factors));
      from += (16 / sizeof<T>()) * FLOAT;
      to += 16;
    }
    for (; i < length; i++) {
      store<T>(to, <T>min<f32>(layer.limit, nearest(load<f32>(from) * factor)));
      from += FLOAT;
      to += sizeof<T>();
    }
  }
}

/** As many as fill 16 bytes. */
function integers<T>(from: usize, factors: v128): v128 {
  const low = eight(from, factors);
  if (sizeof<T>() === 2) return low;
  return i8x16.narrow_i16x8_s(low, eight(from + 8 * FLOAT, factors));
}

function eight(from: usize, factors: v128): v128 {
  return i16x8.narrow_i32x4_s(rounded(v128.load(from), factors), rounded(v128.load(from, 16), factors));
}

/** Of 8 filters. Where their number asks for it the last block of them overlaps the one before, as the last tile does. */
function convolveBlock<T>(layer: Layer, block: i32, padded: usize, step: f32, y: usize): void {
  const filters = layer.filters;
  const kernelHeight = layer.kernelHeight;
  const outputWidth = layer.outputWidth;
  const filter = min(block * BLOCK, filters - BLOCK);
  const scales = layer.scales + filter * FLOAT;
  const scale0 = f32x4.mul(v128.load(scales), f32x4.splat(step));
  const scale1 = f32x4.mul(v128.load(scales, 16), f32x4.splat(step));
  const biases = layer.biases + filter * FLOAT;
  const bias0 = v128.load(biases);
  const bias1 = v128.load(biases, 16);
  const lowest = f32x4.splat(layer.relu ? 0 : -Infinity);
  const rowOfWeights = layer.groups * (LANE / sizeof<T>()) * BLOCK;
  const weights: usize = layer.weights + block * kernelHeight * rowOfWeights;
  const toNextPixel = layer.stride * layer.channels * sizeof<T>();
  const rowBytes = layer.paddedWidth * layer.channels * sizeof<T>();
  const toNextRow = rowBytes - layer.groups * LANE;
  const pixels = layer.outputHeight * outputWidth;

  for (let tile = 0; tile < pixels; tile += TILE) {
    const pixel = max(min(tile, pixels - TILE), 0);
    let x0 = padded + cornerOf(pixel, outputWidth, toNextPixel, layer.stride * rowBytes);
    let x1 = padded + cornerOf(min(pixel + 1, pixels - 1), outputWidth, toNextPixel, layer.stride * rowBytes);
    let x2 = padded + cornerOf(min(pixel + 2, pixels - 1), outputWidth, toNextPixel, layer.stride * rowBytes);
    let x3 = padded + cornerOf(min(pixel + 3, pixels - 1), outputWidth, toNextPixel, layer.stride * rowBytes);
    // Sums of a pixel, four filters each.
    let sum00 = i32x4.splat(0);
    let sum01 = i32x4.splat(0);
    let sum10 = i32x4.splat(0);
    let sum11 = i32x4.splat(0);
    let sum20 = i32x4.splat(0);
    let sum21 = i32x4.splat(0);
    let sum30 = i32x4.splat(0);
    let sum31 = i32x4.splat(0);
    let w = weights;
    for (let row = 0; row < kernelHeight; row++) {
      const end = w + rowOfWeights;
      while (w < end) {
        const w0 = weightsAt<T>(w);
        const w1 = weightsAt<T>(w + 4 * (LANE / sizeof<T>()));
        let values = v128.load_splat<i32>(x0);
        sum00 = plusProducts<T>(sum00, w0, values);
        sum01 = plusProducts<T>(sum01, w1, values);
        values = v128.load_splat<i32>(x1);
        sum10 = plusProducts<T>(sum10, w0, values);
        sum11 = plusProducts<T>(sum11, w1, values);
        values = v128.load_splat<i32>(x2);
        sum20 = plusProducts<T>(sum20, w0, values);
        sum21 = plusProducts<T>(sum21, w1, values);
        values = v128.load_splat<i32>(x3);
        sum30 = plusProducts<T>(sum30, w0, values);
        sum31 = plusProducts<T>(sum31, w1, values);
        w += (LANE / sizeof<T>()) * BLOCK;
        x0 += LANE;
        x1 += LANE;
        x2 += LANE;
        x3 += LANE;
      }
      x0 += toNextRow;
      x1 += toNextRow;
      x2 += toNextRow;
      x3 += toNextRow;
    }
    const next = filters * FLOAT;
    let out = y + (pixel * filters + filter) * FLOAT;
    put(out, sum00, scale0, bias0, lowest);
    put(out + 16, sum01, scale1, bias1, lowest);
    out += next;
    put(out, sum10, scale0, bias0, lowest);
    put(out + 16, sum11, scale1, bias1, lowest);
    out += next;
    put(out, sum20, scale0, bias0, lowest);
    put(out + 16, sum21, scale1, bias1, lowest);
    out += next;
    put(out, sum30, scale0, bias0, lowest);
    put(out + 16, sum31, scale1, bias1, lowest);
  }
}

/** For each of four filters as many weights as a lane multiplies. */
function weightsAt<T>(w: usize): v128 {
  return sizeof<T>() === 1 ? v128.load(w) : v128.load_ext<i8>(w);
}

function plusProducts<T>(sums: v128, weights: v128, values: v128): v128 {
  // Relaxed SIMD, where one operand may have 7 bits only, or machines differ in what they give.
  if (sizeof<T>() === 1) return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, values, sums);
  return i32x4.add(sums, i32x4.dot_i16x8_s(values, weights));
}

/** Of the values without their signs. */
function largestOf(x: usize, size: i32): f32 {
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
function rounded(four: v128, factors: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(four, factors)));
}

/** Where in the padded input a pixel's taps begin, bytes. */
function cornerOf(pixel: i32, outputWidth: i32, toNextPixel: i32, toNextRow: i32): usize {
  const row = pixel / outputWidth;
  return row * toNextRow + (pixel - row * outputWidth) * toNextPixel;
}

/** Four sums as float32, scaled, with their biases, none below `lowest`. */
function put(y: usize, sums: v128, scale: v128, bias: v128, lowest: v128): void {
  const values = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), bias);
  v128.store(y, f32x4.max(values, lowest));
}
