/** What `sampleCrop` and `normalizeCrop` of `src/crop` compute, in AssemblyScript: `npm run kernels` compiles it. */

/** 1.5 * 2^23: a float32 near it counts in ones. */
const FAR: f32 = 12582912;

/**
 * RGBA to luma (ITU-R BT.601) in place: four bytes become a float32.
 * @param pixels a multiple of 4
 */
export function grey(at: usize, pixels: i32): void {
  for (const end = at + pixels * 4; at < end; at += 16) {
    const rgba = v128.load(at);
    const red = f32x4.mul(channelOf(rgba, 0), f32x4.splat(0.299));
    const green = f32x4.mul(channelOf(rgba, 8), f32x4.splat(0.587));
    const blue = f32x4.mul(channelOf(rgba, 16), f32x4.splat(0.114));
    v128.store(at, f32x4.add(f32x4.add(red, green), blue));
  }
}

function channelOf(rgba: v128, bits: i32): v128 {
  return f32x4.convert_i32x4_u(v128.and(i32x4.shr_u(rgba, bits), i32x4.splat(255)));
}

/**
 * Four pixels of a row at once, each the mean of its taps.
 * @param luma `[height, width]`, float32; two pixels wide and high at least
 * @param crop `[size, size]`, float32; size is a multiple of 4
 * @param x0 where the first tap lies; pixel (0, 0) has its centre at (0, 0)
 * @param dx the step to the next along a row
 */
export function cut(
  luma: usize,
  width: i32,
  height: i32,
  crop: usize,
  size: i32,
  taps: i32,
  x0: f32,
  y0: f32,
  dx: f32,
  dy: f32,
): void {
  const scale = f32x4.splat(<f32>1 / <f32>(taps * taps));
  const lanes = f32x4.mul(f32x4(0, 1, 2, 3), f32x4.splat(<f32>taps));
  const lanesX = f32x4.mul(lanes, f32x4.splat(dx));
  const lanesY = f32x4.mul(lanes, f32x4.splat(dy));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column += 4) {
      let sum = f32x4.splat(0);
      for (let v = row * taps; v < (row + 1) * taps; v++) {
        // Of the first of four pixels; the others' lie in the other lanes.
        for (let u = column * taps; u < (column + 1) * taps; u++) {
          const x = f32x4.add(lanesX, f32x4.splat(x0 + <f32>u * dx - <f32>v * dy));
          const y = f32x4.add(lanesY, f32x4.splat(y0 + <f32>u * dy + <f32>v * dx));
          sum = f32x4.add(sum, bilinear(luma, width, height, x, y));
        }
      }
      v128.store(crop, f32x4.mul(sum, scale));
      crop += 16;
    }
  }
}

/** At four places; outside, the nearest edge pixel repeats. */
function bilinear(luma: usize, width: i32, height: i32, x: v128, y: v128): v128 {
  x = clamp(x, width);
  y = clamp(y, height);
  // On the last pixel's centre the one before it is taken, and all of its neighbour.
  const left = i32x4.min_s(wholeOf(x), i32x4.splat(width - 2));
  const top = i32x4.min_s(wholeOf(y), i32x4.splat(height - 2));
  const fromLeft = f32x4.sub(x, f32x4.convert_i32x4_s(left));
  const fromTop = f32x4.sub(y, f32x4.convert_i32x4_s(top));
  const offsets = i32x4.shl(i32x4.add(i32x4.mul(top, i32x4.splat(width)), left), 2);
  const a = luma + i32x4.extract_lane(offsets, 0);
  const b = luma + i32x4.extract_lane(offsets, 1);
  const c = luma + i32x4.extract_lane(offsets, 2);
  const d = luma + i32x4.extract_lane(offsets, 3);
  const above = blend(pairs(a, b), pairs(c, d), fromLeft);
  const below: usize = width * 4;
  const under = blend(pairs(a + below, b + below), pairs(c + below, d + below), fromLeft);
  return f32x4.add(above, f32x4.mul(f32x4.sub(under, above), fromTop));
}

/** In this order what is no number becomes the far edge: no address leaves the picture. */
function clamp(value: v128, side: i32): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.pmin(f32x4.splat(<f32>(side - 1)), value));
}

/**
 * The integers below values from 0 to 2^22, or those of whole values less 1: a blend of the two pixels is the same by either.
 * Far from zero a float32 has no fraction, and its last bits are the integer; to truncate takes four times as many steps.
 */
function wholeOf(values: v128): v128 {
  const far = f32x4.splat(FAR);
  return i32x4.sub(f32x4.add(f32x4.sub(values, f32x4.splat(0.5)), far), far);
}

/** A pixel and its right neighbour, of two places. */
function pairs(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}

/** Of four pairs, each so far from its left to its right. */
function blend(first: v128, second: v128, share: v128): v128 {
  const left = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  return f32x4.add(left, f32x4.mul(f32x4.sub(right, left), share));
}

/** Minus their mean, over their deviation, in place. @param length of float32, a multiple of 4 */
export function normalise(crop: usize, length: i32): void {
  const end = crop + length * 4;
  let sum = f32x4.splat(0);
  for (let at = crop; at < end; at += 16) sum = f32x4.add(sum, v128.load(at));
  const mean = f32x4.splat(sumOf(sum) / <f32>length);
  // Only now, as the squares of dark and of bright pixels are far larger than what they differ by.
  let squares = f32x4.splat(0);
  for (let at = crop; at < end; at += 16) {
    const values = f32x4.sub(v128.load(at), mean);
    squares = f32x4.add(squares, f32x4.mul(values, values));
  }
  const deviation = f32x4.splat(sqrt<f32>(sumOf(squares) / <f32>length + 1));
  for (let at = crop; at < end; at += 16)
    v128.store(at, f32x4.div(f32x4.sub(v128.load(at), mean), deviation));
}

function sumOf(four: v128): f32 {
  return (
    f32x4.extract_lane(four, 0) +
    f32x4.extract_lane(four, 1) +
    f32x4.extract_lane(four, 2) +
    f32x4.extract_lane(four, 3)
  );
}
