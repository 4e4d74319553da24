import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureInput } from '../../../training/src/inputs/picture.ts';
import { randomOf } from '../../../training/src/support/random.ts';
import type { Sample } from '../../../training/src/datasets/sample.ts';

const STILL = { width: 80, height: 60, rotation: 0, shift: 0, brightness: 0, contrast: 0 };

/** Black, with a white disc about each point. */
function discs(width: number, height: number, ...centres: [number, number][]): Sample {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (centres.some(([cx, cy]) => Math.hypot(x + 0.5 - cx, y + 0.5 - cy) < 12)) data[y * width + x] = 255;
  const points = Float32Array.from(centres.flat());
  return { name: 'd', set: 's', split: 'train', image: { data, width, height, channels: 1 }, points };
}

/** Centre of the light, px. */
function lightOf(pixels: Float32Array, width: number): [number, number] {
  const dark = Math.min(...pixels);
  let [sum, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    sum += value - dark;
    x += (value - dark) * ((i % width) + 0.5);
    y += (value - dark) * (Math.floor(i / width) + 0.5);
  });
  return [x / sum, y / sum];
}

function target(count: number) {
  return {
    crop: new Float32Array(80 * 60),
    points: new Float32Array(2 * count),
    known: new Float32Array(count),
  };
}

test('a whole picture is -0.5 to 0.5, and points go to its pixels and back', () => {
  const input = pictureInput(STILL);
  const pixels = new Float32Array(80 * 60);
  const placement = input.prepare(discs(640, 480, [200, 120]), pixels);
  assert.deepEqual([Math.min(...pixels), Math.max(...pixels)], [-0.5, 0.5]);
  const [x, y] = lightOf(pixels, 80);
  assert.ok(Math.hypot(x - 25, y - 15) < 0.1, `${x}, ${y}`);
  const back = placement.toImage([x / 80, y / 60]);
  assert.ok(Math.hypot(back[0] - 200, back[1] - 120) < 1);
  assert.equal(placement.span, 640);
});

test('a picture of another shape is fitted inside, undistorted', () => {
  const pixels = new Float32Array(80 * 60);
  const placement = pictureInput(STILL).prepare(discs(240, 240, [60, 180]), pixels);
  const [x, y] = lightOf(pixels, 80);
  assert.ok(Math.hypot(x - 25, y - 45) < 0.1, `${x}, ${y}`);
  const back = placement.toImage([x / 80, y / 60]);
  assert.ok(Math.hypot(back[0] - 60, back[1] - 180) < 1);
});

test('points stay on what they mark, turned and moved, and what leaves the picture is unknown', () => {
  const input = pictureInput({ ...STILL, rotation: 15, shift: 0.25 });
  const places = new Set<string>();
  let left = 0;
  for (let seed = 0; seed < 60; seed++) {
    const out = target(1);
    input.augment(discs(640, 480, [330, 60]), randomOf(seed), out);
    if (out.known[0] === 0) {
      left++;
      continue;
    }
    if (out.points[1] * 60 < 3) continue; // the disc is cut by the edge
    const [x, y] = lightOf(out.crop, 80);
    const distance = Math.hypot(x - out.points[0] * 80, y - out.points[1] * 60);
    assert.ok(distance < 0.35, `seed ${seed}: ${distance} px away`);
    places.add(`${x.toFixed(2)} ${y.toFixed(2)}`);
  }
  assert.ok(places.size > 30, 'each fetch differs');
  assert.ok(left > 0, 'some leave the picture');
});

test('moves keep within their share of the way from the centre to the edge', () => {
  const input = pictureInput({ ...STILL, shift: 0.25 });
  for (let seed = 0; seed < 100; seed++) {
    const out = target(1);
    input.augment(discs(640, 480, [320, 240]), randomOf(seed), out);
    assert.ok(Math.abs(out.points[0] - 0.5) <= 0.1251 && Math.abs(out.points[1] - 0.5) <= 0.1251);
  }
});
