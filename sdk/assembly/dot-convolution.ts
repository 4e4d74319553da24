/**
 * As `convolution.ts`, for inputs that are nowhere below zero: products of 7-bit activations and 8-bit weights, sixteen an
 * instruction, of WebAssembly's relaxed SIMD. One operand of it may have 7 bits only, or machines differ in what they give.
 */

import { BLOCK, cornerOf, FLOAT, largestOf, Layer, put, rounded, TILE } from './layer';

/** Values that one lane multiplies and sums. */
const GROUP = 4;

/**
 * @param x `[inputHeight, inputWidth, channels]`, float32, none below zero
 * @param padded scratch: `[paddedHeight, paddedWidth, channels]`, int8, and 16 bytes more
 * @param y `[outputHeight, outputWidth, filters]`, float32; room for 4 pixels at least
 */
export function convolve(layer: Layer, x: usize, padded: usize, y: usize): void {
  const size = layer.inputHeight * layer.inputWidth * layer.channels;
  const largest = largestOf(x, size);
  const step: f32 = largest / layer.limit;
  quantize(layer, x, padded, largest > 0 ? layer.limit / largest : 0);
  const blocks = (layer.filters + BLOCK - 1) / BLOCK;
  for (let block = 0; block < blocks; block++) convolveBlock(layer, block, padded, step, y);
}

/** The input as integers within zeros. What no tap reaches, on the right and below, is left out. */
function quantize(layer: Layer, x: usize, padded: usize, factor: f32): void {
  const channels = layer.channels;
  const top = layer.top;
  const rowBytes = layer.paddedWidth * channels;
  memory.fill(padded, 0, layer.paddedHeight * rowBytes + 16);
  const rows = min(layer.inputHeight, layer.paddedHeight - top);
  const length = min(layer.inputWidth, layer.paddedWidth - layer.left) * channels;
  const factors = f32x4.splat(factor);
  for (let row = 0; row < rows; row++) {
    let from = x + row * layer.inputWidth * channels * FLOAT;
    let to = padded + (row + top) * rowBytes + layer.left * channels;
    let i = 0;
    for (; i + 16 <= length; i += 16) {
      const low = i16x8.narrow_i32x4_s(
        rounded(v128.load(from), factors),
        rounded(v128.load(from, 16), factors),
      );
      const high = i16x8.narrow_i32x4_s(
        rounded(v128.load(from, 32), factors),
        rounded(v128.load(from, 48), factors),
      );
      v128.store(to, i8x16.narrow_i16x8_s(low, high));
      from += 16 * FLOAT;
      to += 16;
    }
    for (; i < length; i++) {
      store<i8>(to, <i8>min<f32>(127, nearest(load<f32>(from) * factor)));
      from += FLOAT;
      to++;
    }
  }
}

/** Of 8 filters. Where their number asks for it the last block of them overlaps the one before, as the last tile does. */
function convolveBlock(layer: Layer, block: i32, padded: usize, step: f32, y: usize): void {
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
  const rowOfWeights = layer.groups * GROUP * BLOCK;
  const weights: usize = layer.weights + block * kernelHeight * rowOfWeights;
  const toNextPixel = layer.stride * layer.channels;
  const rowBytes = layer.paddedWidth * layer.channels;
  const toNextRow = rowBytes - layer.groups * GROUP;
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
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        let four = v128.load_splat<i32>(x0);
        sum00 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w0, four, sum00);
        sum01 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w1, four, sum01);
        four = v128.load_splat<i32>(x1);
        sum10 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w0, four, sum10);
        sum11 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w1, four, sum11);
        four = v128.load_splat<i32>(x2);
        sum20 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w0, four, sum20);
        sum21 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w1, four, sum21);
        four = v128.load_splat<i32>(x3);
        sum30 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w0, four, sum30);
        sum31 = i32x4.relaxed_dot_i8x16_i7x16_add_s(w1, four, sum31);
        w += GROUP * BLOCK;
        x0 += GROUP;
        x1 += GROUP;
        x2 += GROUP;
        x3 += GROUP;
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
