import type { backend_util } from '@tensorflow/tfjs';
import { buffers, flatProgram } from './programs.ts';
import { TILE_COLUMNS, tiledProduct } from './tiled-product.ts';

type Conv2DInfo = backend_util.Conv2DInfo;

/** Workgroups that keep a large graphics card busy; tiles are smaller, and long sums split, where there would be fewer. */
const BUSY = 512;
/** A sum is split into parts of at least so many products. */
const LEAST_DEPTH = 256;

/** A program, and how many workgroups of it to run. */
export interface Planned {
  readonly key: string;
  code(this: void): string;
  readonly workgroups: readonly [number, number, number];
}

/** Whether the programs here do this convolution: NHWC, not dilated, output channels by fours. */
export function isPlain({ dataFormat, dilationHeight, dilationWidth, outChannels }: Conv2DInfo): boolean {
  return (
    dataFormat === 'channelsLast' && dilationHeight === 1 && dilationWidth === 1 && outChannels % 4 === 0
  );
}

/** Whether `inputGradient` does it as well. */
export function hasPlainInput({ inChannels }: Conv2DInfo): boolean {
  return inChannels % 4 === 0;
}

/** Buffers x, kernel, y. Rows are places of y, columns its channels, the depth is the kernel's window. */
export function forward(info: Conv2DInfo): Planned {
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const tileRows = tileRowsFor(rows, info.outChannels);
  return {
    key: `conv forward ${tileRows} ${keyOf(info)}`,
    workgroups: [...tiles(rows, tileRows, info.outChannels), 1],
    code: () =>
      tiledProduct({
        tileRows,
        declarations: `${buffers({ x: inputType(info), kernel: 'vec4f', y: 'vec4f' }, 'y')}
${constants(info)}
${inputReader(info)}`,
        depth: `fn depthFrom(slice: u32) -> u32 { return 0u; }
fn depthTo(slice: u32) -> u32 { return WINDOW; }`,
        left: {
          along: 'depth',
          body: `let rows = arrayLength(&y) * 4u / OUT_CHANNELS;
  if (outer >= rows || depth >= WINDOW) { return vec4f(); }
  ${
    hasPlainInput(info)
      ? 'return input(outer, depth);'
      : 'return vec4f(input(outer, depth), input(outer, depth + 1u), input(outer, depth + 2u), input(outer, depth + 3u));'
  }`,
        },
        right: {
          along: 'outer',
          body: `if (outer >= OUT_CHANNELS || depth >= WINDOW) { return vec4f(); }
  return kernel[(depth * OUT_CHANNELS + outer) / 4u];`,
        },
        write: `let at = (row * OUT_CHANNELS + column) / 4u;
  if (column < OUT_CHANNELS && at < arrayLength(&y)) { y[at] = sum; }`,
      }),
  };
}

/**
 * Buffers dy, kernel, dx. Rows are places of x, columns its channels. With a stride, only every so manieth tap of the window
 * has touched a place: places are taken in classes that were touched by the same taps, one class a slice.
 */
export function inputGradient(info: Conv2DInfo): Planned {
  const { batchSize, inHeight, inWidth, strideHeight, strideWidth, inChannels } = info;
  const [high, wide] = [Math.ceil(inHeight / strideHeight), Math.ceil(inWidth / strideWidth)];
  const rows = batchSize * high * wide;
  const tileRows = tileRowsFor(rows, inChannels);
  return {
    key: `conv input gradient ${tileRows} ${keyOf(info)}`,
    workgroups: [...tiles(rows, tileRows, inChannels), strideHeight * strideWidth],
    code: () =>
      tiledProduct({
        tileRows,
        declarations: `${buffers({ dy: 'vec4f', kernel: 'vec4f', dx: 'vec4f' }, 'dx')}
${constants(info)}
const HIGH = ${high}u;
const WIDE = ${wide}u;
fn classOf(slice: u32) -> vec2u { return vec2u(slice % STRIDE_X, slice / STRIDE_X); }
// The first tap that has touched a class's places, and how many did.
fn firstTap(slice: u32) -> vec2u { return (classOf(slice) + vec2u(LEFT, TOP)) % vec2u(STRIDE_X, STRIDE_Y); }
fn taps(slice: u32) -> vec2u {
  return (vec2u(KERNEL_WIDTH + STRIDE_X, KERNEL_HEIGHT + STRIDE_Y) - 1u - firstTap(slice)) / vec2u(STRIDE_X, STRIDE_Y);
}`,
        depth: `fn depthFrom(slice: u32) -> u32 { return 0u; }
fn depthTo(slice: u32) -> u32 {
  let count = taps(slice);
  return count.x * count.y * OUT_CHANNELS;
}`,
        left: {
          along: 'depth',
          body: `if (depth >= depthEnd) { return vec4f(); }
  let tap = depth / OUT_CHANNELS;
  let across = taps(slice).x;
  // Whole strides from the class's places to where its first tap's window lay.
  let ahead = (classOf(slice) + vec2u(LEFT, TOP) - firstTap(slice)) / vec2u(STRIDE_X, STRIDE_Y);
  let picture = outer / (HIGH * WIDE);
  let place = outer % (HIGH * WIDE);
  let oy = i32(place / WIDE + ahead.y) - i32(tap / across);
  let ox = i32(place % WIDE + ahead.x) - i32(tap % across);
  if (oy < 0 || oy >= i32(OUT_HEIGHT) || ox < 0 || ox >= i32(OUT_WIDTH)) { return vec4f(); }
  let at = ((picture * OUT_HEIGHT + u32(oy)) * OUT_WIDTH + u32(ox)) * OUT_CHANNELS + depth % OUT_CHANNELS;
  if (at / 4u >= arrayLength(&dy)) { return vec4f(); }
  return dy[at / 4u];`,
        },
        right: {
          along: 'depth',
          body: `if (outer >= IN_CHANNELS || depth >= depthEnd) { return vec4f(); }
  let tap = depth / OUT_CHANNELS;
  let across = taps(slice).x;
  let first = firstTap(slice);
  let ky = first.y + STRIDE_Y * (tap / across);
  let kx = first.x + STRIDE_X * (tap % across);
  return kernel[(((ky * KERNEL_WIDTH + kx) * IN_CHANNELS + outer) * OUT_CHANNELS + depth % OUT_CHANNELS) / 4u];`,
        },
        write: `let picture = row / (HIGH * WIDE);
  let place = row % (HIGH * WIDE);
  let iy = place / WIDE * STRIDE_Y + classOf(slice).y;
  let ix = place % WIDE * STRIDE_X + classOf(slice).x;
  let at = (((picture * IN_HEIGHT + iy) * IN_WIDTH + ix) * IN_CHANNELS + column) / 4u;
  if (column < IN_CHANNELS && iy < IN_HEIGHT && ix < IN_WIDTH && at < arrayLength(&dx)) { dx[at] = sum; }`,
      }),
  };
}

/**
 * Buffers x, dy, sums. Rows are the window's taps and channels, columns the output channels, the depth is the places of y,
 * split into slices: `sums` is `[slices, kernel]`, to be added up by `sumOfSlices`.
 */
export function kernelGradient(info: Conv2DInfo): Planned & { readonly slices: number } {
  const { filterHeight, filterWidth, inChannels, outChannels, batchSize, outHeight, outWidth } = info;
  const rows = filterHeight * filterWidth * inChannels;
  const depth = batchSize * outHeight * outWidth;
  const tileRows = tileRowsFor(rows, outChannels);
  const [down, across] = tiles(rows, tileRows, outChannels);
  const wanted = Math.min(Math.ceil(BUSY / (down * across)), Math.ceil(depth / LEAST_DEPTH));
  const sliceDepth = Math.ceil(depth / wanted / 4) * 4;
  const slices = Math.ceil(depth / sliceDepth);
  const four =
    'vec4f(input(depth, outer), input(depth, outer + 1u), input(depth, outer + 2u), input(depth, outer + 3u))';
  return {
    key: `conv kernel gradient ${tileRows} ${sliceDepth} ${keyOf(info)}`,
    workgroups: [down, across, slices],
    slices,
    code: () =>
      tiledProduct({
        tileRows,
        declarations: `${buffers({ x: inputType(info), dy: 'vec4f', sums: 'vec4f' }, 'sums')}
${constants(info)}
${inputReader(info)}`,
        depth: `fn depthFrom(slice: u32) -> u32 { return slice * ${sliceDepth}u; }
fn depthTo(slice: u32) -> u32 { return min((slice + 1u) * ${sliceDepth}u, arrayLength(&dy) * 4u / OUT_CHANNELS); }`,
        left: {
          along: 'outer',
          body: `if (outer >= WINDOW || depth >= depthEnd) { return vec4f(); }
  return ${hasPlainInput(info) ? 'input(depth, outer)' : four};`,
        },
        right: {
          along: 'outer',
          body: `if (outer >= OUT_CHANNELS || depth >= depthEnd) { return vec4f(); }
  return dy[(depth * OUT_CHANNELS + outer) / 4u];`,
        },
        write: `if (row < WINDOW && column < OUT_CHANNELS) { sums[((slice * WINDOW + row) * OUT_CHANNELS + column) / 4u] = sum; }`,
      }),
  };
}

/** Buffers parts `[slices, n]` and sum `[n]`, n a multiple of four. */
export const SUM_OF_SLICES = flatProgram(
  buffers({ parts: 'vec4f', sum: 'vec4f' }, 'sum'),
  'arrayLength(&sum)',
  `var total = vec4f();
  for (var at = i; at < arrayLength(&parts); at += arrayLength(&sum)) { total += parts[at]; }
  sum[i] = total;`,
);

function tileRowsFor(rows: number, columns: number): 64 | 128 {
  const [down, across] = tiles(rows, 128, columns);
  return down * across >= BUSY ? 128 : 64;
}

function tiles(rows: number, tileRows: number, columns: number): [down: number, across: number] {
  return [Math.ceil(rows / tileRows), Math.ceil(columns / TILE_COLUMNS)];
}

function inputType(info: Conv2DInfo): 'vec4f' | 'f32' {
  return hasPlainInput(info) ? 'vec4f' : 'f32';
}

/** Of all that the programs depend on but the batch, which they tell by their buffers. */
function keyOf({
  inHeight,
  inWidth,
  inChannels,
  outChannels,
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padInfo,
  outHeight,
  outWidth,
}: Conv2DInfo): string {
  return `${inHeight}x${inWidth}x${inChannels} ${filterHeight}x${filterWidth} / ${strideHeight}x${strideWidth} + ${padInfo.top},${padInfo.left} = ${outHeight}x${outWidth}x${outChannels}`;
}

function constants(info: Conv2DInfo): string {
  const values = {
    IN_HEIGHT: info.inHeight,
    IN_WIDTH: info.inWidth,
    IN_CHANNELS: info.inChannels,
    OUT_HEIGHT: info.outHeight,
    OUT_WIDTH: info.outWidth,
    OUT_CHANNELS: info.outChannels,
    KERNEL_HEIGHT: info.filterHeight,
    KERNEL_WIDTH: info.filterWidth,
    STRIDE_Y: info.strideHeight,
    STRIDE_X: info.strideWidth,
    TOP: info.padInfo.top,
    LEFT: info.padInfo.left,
    WINDOW: info.filterHeight * info.filterWidth * info.inChannels,
  };
  return Object.entries(values)
    .map(([name, value]) => `const ${name} = ${value}u;`)
    .join('\n');
}

/** `input(place of y, tap and channel)`: four channels from there on, or one where x has no fours. */
function inputReader(info: Conv2DInfo): string {
  const type = inputType(info);
  return `fn input(place: u32, window: u32) -> ${type} {
  let tap = window / IN_CHANNELS;
  let picture = place / (OUT_HEIGHT * OUT_WIDTH);
  let iy = i32(place / OUT_WIDTH % OUT_HEIGHT * STRIDE_Y + tap / KERNEL_WIDTH) - i32(TOP);
  let ix = i32(place % OUT_WIDTH * STRIDE_X + tap % KERNEL_WIDTH) - i32(LEFT);
  if (iy < 0 || iy >= i32(IN_HEIGHT) || ix < 0 || ix >= i32(IN_WIDTH)) { return ${type}(); }
  let at = ((picture * IN_HEIGHT + u32(iy)) * IN_WIDTH + u32(ix)) * IN_CHANNELS + window % IN_CHANNELS;
  return x[at${type === 'vec4f' ? ' / 4u' : ''}];
}`;
}
