import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surroundingsOf } from '../../../training/src/datasets/surroundings.ts';
import { boxOf } from '../../../training/src/datasets/schema.ts';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import { faceCropInput } from '../../../training/src/inputs/face-crop.ts';

/** Grey waves, with points on a circle of this radius about (cx, cy). */
function face(width: number, height: number, cx: number, cy: number, radius: number): Sample {
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      data[i] = 128 + 60 * Math.sin(x / 0.11 / radius) + 60 * Math.sin(y / 0.13 / radius);
  const points = Float32Array.from({ length: 136 }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / 68;
    return i % 2 === 0 ? cx + radius * Math.cos(angle) : cy + radius * Math.sin(angle);
  });
  return { name: 'f', set: 's', split: 'train', points, image: { data, width, height, channels: 1 } };
}

/** The network's input of a face, and where its points lie in it. */
function inputOf(sample: Sample) {
  const pixels = new Float32Array(96 * 96);
  const placement = faceCropInput(96, 1.3).prepare(sample, pixels);
  const corners = placement.toImage([0, 0, 1, 1]);
  const points = (sample.points ?? []).map((v, i) => (v - corners[i % 2]) / placement.span);
  return { pixels, points };
}

function assertSameInput(before: Sample, after: Sample, tolerance: number): void {
  const [a, b] = [inputOf(before), inputOf(after)];
  a.points.forEach((value, i) => assert.ok(Math.abs(value - b.points[i]) < 0.002, `point ${i}`));
  const mean = a.pixels.reduce((sum, value, i) => sum + Math.abs(value - b.pixels[i]), 0) / a.pixels.length;
  assert.ok(mean < tolerance, `inputs differ by ${mean} deviations`);
}

test('a large face is shrunk to 320 px with what lies around it, and shows the network the same', async () => {
  const whole = face(2400, 1800, 1300, 800, 500);
  const kept = await surroundingsOf(whole);
  assert.deepEqual([kept.image.width, kept.image.height], [640, 576], 'cut at the upper edge alone');
  const [left, top, right, bottom] = boxOf(kept.points ?? []);
  assert.ok(Math.abs(right - left - 320) < 1 && Math.abs(bottom - top - 320) < 1);
  assertSameInput(whole, kept, 0.03);
});

test('a small face in a large picture keeps its pixels, only fewer lie around it', async () => {
  const whole = face(1500, 1000, 40, 900, 60);
  const kept = await surroundingsOf(whole);
  assert.deepEqual([kept.image.width, kept.image.height], [160, 220]);
  for (const [x, y] of [
    [0, 0],
    [100, 150],
  ])
    assert.equal(kept.image.data[y * 160 + x], whole.image.data[(780 + y) * 1500 + x]);
  assertSameInput(whole, kept, 1e-4);
});

test('without a largest size the face keeps its own: errors stay px of the picture', async () => {
  const whole = face(2400, 1800, 1300, 900, 400);
  const kept = await surroundingsOf(whole, Infinity);
  assert.deepEqual([kept.image.width, kept.image.height], [1600, 1600]);
  assertSameInput(whole, kept, 1e-4);
});

test('the box of the whole face decides, and goes along with the points', async () => {
  const box = [300, 300, 1100, 900] as const;
  const kept = await surroundingsOf({ ...face(2000, 2000, 500, 600, 100), box, unit: 80 });
  assert.deepEqual([kept.image.width, kept.image.height], [600, 560]);
  const [left, top, right, bottom] = kept.box ?? boxOf([]);
  assert.ok(Math.abs(right - left - 320) < 1 && Math.abs(bottom - top - 240) < 1);
  const x = (kept.points?.[0] ?? NaN) - left;
  assert.ok(Math.abs(x - 0.4 * (600 - 300)) < 1, `${x}`);
  assert.ok(Math.abs((kept.unit ?? 0) - 32) < 0.1);
  assert.equal(kept.image.width * kept.image.height, kept.image.data.length, `${top}`);
});

test('small pictures, and those without a face, stay as they are', async () => {
  const small = face(640, 480, 300, 200, 150);
  assert.equal(await surroundingsOf(small), small);
  const negative = { ...face(1000, 1000, 500, 500, 50), points: undefined };
  assert.equal(await surroundingsOf(negative), negative);
});

test('unknown points stay unknown, and a face beside its picture leaves a pixel', async () => {
  const odd = face(1000, 800, 500, 400, 40);
  odd.points?.fill(NaN, 6, 8);
  const kept = await surroundingsOf(odd);
  assert.deepEqual(
    [...(kept.points ?? [])].flatMap((value, i) => (Number.isNaN(value) ? [i] : [])),
    [6, 7],
  );
  const beside = await surroundingsOf(face(1000, 800, 1300, 400, 40));
  assert.equal(beside.image.width, 1);
});
