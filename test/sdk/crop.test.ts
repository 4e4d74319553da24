import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cropToImage,
  eyeLineAngle,
  imageToCrop,
  normalizeCrop,
  regionOfDetection,
  regionOfPoints,
  sampleCrop,
  type Pixels,
  type Region,
} from '../../sdk/src/index.ts';
import { areaOf } from '../../sdk/src/crop/area.ts';
import { CpuCropper } from '../../sdk/src/crop/cropper.ts';
import { CropKernel } from '../../sdk/src/crop/crop-kernel.ts';
import type { Area, Frame } from '../../sdk/src/input/frame.ts';
import { MEAN_FACE } from './fake-model.ts';

const ROLLS = [-30, 0, 30].map((degrees) => (degrees * Math.PI) / 180);
const near = (actual: number, expected: number, tolerance: number, message?: string): void =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${message ?? ''} ${actual} is not ${expected} ± ${tolerance}`,
  );

/** Grey pixels with value(x, y) at the centre of each pixel. */
function picture(width: number, height: number, value: (x: number, y: number) => number): Pixels {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * width + x] = value(x + 0.5, y + 0.5);
  return { data, width, height, channels: 1 };
}

test('points survive the way to the crop and back, at any roll', () => {
  for (const angle of ROLLS) {
    const region: Region = { cx: 120, cy: 80, size: 90, angle };
    const image = cropToImage(MEAN_FACE, region);
    assert.ok(
      Math.abs(eyeLineAngle(image) - angle) < 1e-5,
      'an upright face in the crop has the region’s angle',
    );
    const back = imageToCrop(image, region);
    MEAN_FACE.forEach((value, i) => near(back[i], value, 1e-5));
  }
});

test('the region of turned points is the turned region of upright ones', () => {
  for (const angle of ROLLS) {
    const image = cropToImage(MEAN_FACE, { cx: 120, cy: 80, size: 90, angle });
    const upright = regionOfPoints(MEAN_FACE, 1.3);
    const region = regionOfPoints(image, 1.3, angle);
    near(region.size, upright.size * 90, 1e-3);
    const [cx, cy] = cropToImage([upright.cx, upright.cy], { cx: 120, cy: 80, size: 90, angle });
    near(region.cx, cx, 1e-3);
    near(region.cy, cy, 1e-3);
  }
});

test('points that are missing do not count', () => {
  const region = regionOfPoints([NaN, NaN, 0, 0, 10, 20, NaN, 5], 1);
  assert.deepEqual([region.cx, region.cy, region.size], [5, 10, 20]);
});

test('a gradient is sampled exactly, at any roll, on both axes', () => {
  const image = picture(200, 200, (x, y) => x / 2 + y / 2);
  for (const angle of ROLLS) {
    const region: Region = { cx: 100, cy: 90, size: 40, angle };
    const crop = sampleCrop(image, region, 40);
    for (const [col, row] of [
      [0, 0],
      [39, 0],
      [0, 39],
      [20, 11],
    ]) {
      const [x, y] = cropToImage([(col + 0.5) / 40, (row + 0.5) / 40], region);
      // Whole bytes are stored: half a step of rounding.
      near(crop[row * 40 + col], x / 2 + y / 2, 0.51, `at ${col}, ${row}:`);
    }
  }
});

test('a crop at whole pixels copies them', () => {
  const image = picture(8, 8, (x, y) => Math.floor(x) * 8 + Math.floor(y));
  const crop = sampleCrop(image, { cx: 4, cy: 4, size: 8, angle: 0 }, 8);
  assert.deepEqual(Array.from(crop), Array.from(image.data));
});

test('a clockwise region shows the picture turned back', () => {
  // A dot to the right of the centre, below it after a clockwise quarter turn: the region turns along, the dot stays right.
  const below = picture(41, 41, (x, y) => (Math.hypot(x - 20.5, y - 30.5) < 3 ? 255 : 0));
  const crop = sampleCrop(below, { cx: 20.5, cy: 20.5, size: 41, angle: Math.PI / 2 }, 41);
  near(crop[20 * 41 + 30], 255, 1);
  near(crop[30 * 41 + 20], 0, 1);
});

test('shrinking averages, so that fine stripes become grey', () => {
  const stripes = picture(128, 128, (x) => (Math.floor(x) % 2 ? 255 : 0));
  for (const value of sampleCrop(stripes, { cx: 64, cy: 64, size: 128, angle: 0 }, 32)) near(value, 127.5, 1);
});

test('outside the picture its edge repeats, and tiny pictures do not break it', () => {
  const crop = sampleCrop(
    picture(10, 10, () => 77),
    { cx: -20, cy: 40, size: 10, angle: 1 },
    4,
  );
  for (const value of crop) near(value, 77, 1e-3);
  for (const value of sampleCrop(
    picture(1, 1, () => 5),
    { cx: 0.5, cy: 0.5, size: 3, angle: 0 },
    2,
  ))
    near(value, 5, 1e-3);
});

test('colour becomes luma', () => {
  const data = new Uint8ClampedArray(4 * 16).map((_, i) => [200, 100, 50, 255][i % 4]);
  const [value] = sampleCrop(
    { data, width: 4, height: 4, channels: 4 },
    { cx: 2, cy: 2, size: 2, angle: 0 },
    1,
  );
  near(value, 0.299 * 200 + 0.587 * 100 + 0.114 * 50, 1e-3);
});

test('brightness and contrast do not reach the network', () => {
  const a = Float32Array.from({ length: 256 }, (_, i) => 50 + 40 * Math.sin(i));
  const b = a.map((value) => value * 2 + 30);
  normalizeCrop(a);
  normalizeCrop(b);
  a.forEach((value, i) => near(b[i], value, 2e-3));
  assert.ok(normalizeCrop(new Float32Array(16).fill(9)).every((value) => value === 0));
});

test('the region of a detection turns with the eyes and centres on the face', () => {
  for (const angle of ROLLS) {
    const turn = (x: number, y: number): [number, number] => [
      100 + x * Math.cos(angle) - y * Math.sin(angle),
      100 + x * Math.sin(angle) + y * Math.cos(angle),
    ];
    const detection = {
      score: 1,
      box: { x: 50, y: 50, width: 100, height: 100 },
      eyes: { right: turn(-20, -20), left: turn(20, -20) },
    };
    const region = regionOfDetection(detection, 1.3);
    near(region.angle, angle, 1e-9);
    const [dx, dy] = [region.cx - 100, region.cy - 100];
    near(-dx * Math.sin(angle) + dy * Math.cos(angle), 11, 3, 'below the box’s centre, in the face’s axes:');
    assert.ok(region.size > 110 && region.size < 145);
  }
});

test('a crop over the edge is that of a picture whose edge pixels go on', () => {
  const value = (x: number, y: number) => (37 * Math.floor(x) + 91 * Math.floor(y)) % 256;
  const clamped = (at: number, side: number) => Math.min(side - 0.5, Math.max(0.5, at));
  const small = picture(60, 50, value);
  const MARGIN = 80;
  const wide = picture(60 + 2 * MARGIN, 50 + 2 * MARGIN, (x, y) =>
    value(clamped(x - MARGIN, 60), clamped(y - MARGIN, 50)),
  );
  for (const [angle, size] of [
    [0, 70],
    [0.4, 40],
    [-0.7, 95],
  ]) {
    const region = { cx: 22, cy: 31, size, angle };
    const over = sampleCrop(small, region, 16);
    const inside = sampleCrop(wide, { ...region, cx: 22 + MARGIN, cy: 31 + MARGIN }, 16);
    inside.forEach((grey, i) => near(over[i], grey, 1e-2));
  }
});

test('a face is cut from the part of the frame that it needs, to the same numbers', () => {
  const whole = picture(400, 300, (x, y) => (37 * Math.floor(x) + 91 * Math.floor(y)) % 256);
  const asked: Area[] = [];
  /** As a canvas gives it: the area's pixels and no others. */
  const frame: Frame = {
    width: 400,
    height: 300,
    live: false,
    pixels: () => assert.fail('all of the frame was read'),
    part: (area) => {
      asked.push(area);
      const { left, top, width, height } = area;
      return {
        left,
        top,
        pixels: picture(
          width,
          height,
          (x, y) => whole.data[Math.floor(y + top) * 400 + Math.floor(x + left)],
        ),
      };
    },
  };
  const regions: Region[] = [
    { cx: 200, cy: 150, size: 90, angle: 0.3 },
    { cx: 140.5, cy: 120, size: 40, angle: -2 },
    { cx: 10, cy: 290, size: 120, angle: 0.5 },
    { cx: 390, cy: 20, size: 60, angle: 0 },
    { cx: 200, cy: 150, size: 900, angle: 1 },
    { cx: -300, cy: 700, size: 80, angle: 0 },
  ];
  for (const region of regions) {
    const crop = new CpuCropper(24).crop(frame, [region]);
    const expected = normalizeCrop(sampleCrop(whole, region, 24));
    expected.forEach((value, i) => near(crop[i], value, 1e-3, JSON.stringify(region)));
  }
  assert.equal(asked.length, regions.length);
  assert.ok(asked[0].width * asked[0].height < (400 * 300) / 3, 'a small face takes a small part');
  for (const { left, top, width, height } of asked) {
    assert.ok(left >= 0 && top >= 0 && left + width <= 400 && top + height <= 300);
  }
  assert.deepEqual(areaOf({ cx: 200, cy: 150, size: 900, angle: 1 }, frame), {
    left: 0,
    top: 0,
    width: 400,
    height: 300,
  });
});

test('the kernel cuts what sampleCrop does: within the picture, over each edge, beside it, in grey and in colour', () => {
  const grey = picture(90, 70, (x, y) => (37 * Math.floor(x) + 91 * Math.floor(y)) % 256);
  const colours = { ...grey, channels: 4 as const, data: new Uint8ClampedArray(4 * 90 * 70) };
  colours.data.forEach((_, i) => (colours.data[i] = (i * 7 + (i >> 5)) % 256));
  const kernel = CropKernel.create()!;
  for (const image of [grey, colours]) {
    for (const [cx, cy, size, angle] of [
      [45, 35, 40, 0.3],
      [45.5, 35.5, 24, 0],
      [44, 34, 12, -2],
      [5, 35, 50, 1],
      [85, 66, 60, 0],
      [45, 35, 400, 0.7],
      [-200, 300, 30, 0],
    ]) {
      const region = { cx, cy, size, angle };
      const crop = new Float32Array(24 * 24);
      assert.ok(kernel.cut(image, region, 24, crop));
      const expected = normalizeCrop(sampleCrop(image, region, 24));
      crop.forEach((value, i) => near(value, expected[i], 2e-3, JSON.stringify(region)));
    }
  }
  // What is no number leads to no address outside the memory.
  for (const size of [Infinity, NaN])
    kernel.cut(grey, { cx: 45, cy: 35, size, angle: 0 }, 24, new Float32Array(576));
});

test('the kernel tells apart what is nearly all dark, and nearly all bright', () => {
  const kernel = CropKernel.create()!;
  const region = { cx: 150, cy: 150, size: 260, angle: 0.1 };
  for (const [darkest, step] of [
    [1, 1],
    [3, 2],
    [245, 4],
    [250, 1],
  ]) {
    const image = picture(
      300,
      300,
      (x, y) => darkest + step * ((Math.floor(x / 40) + Math.floor(y / 50)) % 3),
    );
    const crop = new Float32Array(128 * 128);
    assert.ok(kernel.cut(image, region, 128, crop));
    const expected = normalizeCrop(sampleCrop(image, region, 128));
    crop.forEach((value, i) => near(value, expected[i], 2e-3, `from ${darkest} on`));
  }
});

test('what the kernel does not cut, and where there is none, is cut without it', (t) => {
  const kernel = CropKernel.create()!;
  const wide = picture(30, 20, (x, y) => 3 * x + 5 * y);
  const line = picture(30, 1, (x) => 8 * x);
  const region = { cx: 12, cy: 8, size: 9, angle: 0.2 };
  const out = new Float32Array(22 * 22);
  assert.equal(kernel.cut(wide, region, 22, out), false);
  assert.equal(kernel.cut(line, region, 20, out), false);
  assert.ok(out.every((value) => value === 0));

  const frameOf = (pixels: Pixels): Frame => ({
    ...{ width: pixels.width, height: pixels.height, live: false },
    pixels: () => pixels,
    part: () => ({ pixels, left: 0, top: 0 }),
  });
  const cutsAsExpected = (pixels: Pixels, size: number) => {
    const crop = new CpuCropper(size).crop(frameOf(pixels), [region]);
    const expected = normalizeCrop(sampleCrop(pixels, region, size));
    crop.forEach((value, i) => near(value, expected[i], 2e-3));
  };
  cutsAsExpected(wide, 22);
  cutsAsExpected(line, 20);
  const { grow } = WebAssembly.Memory.prototype;
  t.after(() => (WebAssembly.Memory.prototype.grow = grow));
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('no memory is left');
  };
  const large = picture(400, 400, (x, y) => (x + y) / 4);
  assert.equal(CropKernel.create()!.cut(large, { cx: 200, cy: 200, size: 300, angle: 0 }, 20, out), false);

  const { Module } = WebAssembly;
  t.after(() => (WebAssembly.Module = Module));
  WebAssembly.Module = function () {
    throw new WebAssembly.CompileError('not allowed');
  } as unknown as typeof Module;
  assert.equal(CropKernel.create(), undefined);
});
