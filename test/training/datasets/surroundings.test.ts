import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredPartOf, surroundingsOf } from '../../../training/src/datasets/surroundings.ts';
import { DEFAULT_AUGMENTATION } from '../../../training/src/augmentation/settings.ts';
import { boxOf } from '../../../training/src/datasets/schema.ts';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import { isHard } from '../../../training/src/evaluation/slices.ts';
import { evaluateOnSamples } from '../../../training/src/evaluation/on-samples.ts';
import { faceCropInput } from '../../../training/src/inputs/face-crop.ts';
import { randomOf } from '../../../training/src/support/random.ts';

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

test('a large picture is shrunk to 1024 x 768 pixels, and shows the network the same', async () => {
  const whole = face(2400, 1800, 1300, 800, 500);
  const kept = await surroundingsOf(whole);
  assert.deepEqual([kept.image.width, kept.image.height], [1024, 768]);
  const [left, top, right, bottom] = boxOf(kept.points ?? []);
  assert.ok(Math.abs(right - left - 427) < 1 && Math.abs(bottom - top - 427) < 1);
  assertSameInput(whole, kept, 0.03);
});

test('a small face in a large picture keeps its pixels, only fewer lie around it', async () => {
  const whole = face(1500, 1000, 40, 900, 60);
  const kept = await surroundingsOf(whole);
  assert.deepEqual([kept.image.width, kept.image.height], [352, 412]);
  for (const [x, y] of [
    [0, 0],
    [100, 150],
  ])
    assert.equal(kept.image.data[y * 352 + x], whole.image.data[(588 + y) * 1500 + x]);
  assertSameInput(whole, kept, 1e-4);
});

test('crops beside and far around a face show what lies there, not smeared edges', async () => {
  const whole = face(3000, 3000, 1500, 1500, 250);
  const kept = await surroundingsOf(whole);
  assert.ok(kept.image.width * kept.image.height <= 1024 * 768);
  const augmentation = { ...DEFAULT_AUGMENTATION, blur: 0, noise: 0, shade: 0, patch: 0, gamma: 0 };
  const input = faceCropInput(48, 1.3, augmentation);
  const crops = (sample: Sample) =>
    Array.from({ length: 60 }, (_, i) => {
      const crop = new Float32Array(48 * 48);
      const target = { crop, points: new Float32Array(136), known: new Float32Array(68) };
      input.augmentNoFace?.(sample, randomOf(i), target);
      return crop;
    });
  const [before, after] = [crops(whole), crops(kept)];
  const differences = before.map(
    (crop, k) => crop.reduce((sum, value, i) => sum + Math.abs(value - after[k][i]), 0) / crop.length,
  );
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  assert.ok(mean < 0.02 && Math.max(...differences) < 0.15, `${mean}, ${Math.max(...differences)}`);
});

test('shrinking takes means: beside an edge nothing becomes darker or lighter than it was', async () => {
  const whole = face(2000, 2000, 1000, 1000, 400);
  const data = whole.image.data.map((_, i) => (i % 2000 < 1003 ? 64 : 192));
  const { image } = await surroundingsOf({ ...whole, image: { ...whole.image, data } });
  assert.ok(image.width < 900);
  assert.equal(
    image.data.find((value) => value < 64 || value > 192),
    undefined,
  );
});

test('the box of the whole face decides, and goes along with the points', async () => {
  const box = [300, 700, 1100, 1300] as const;
  const kept = await surroundingsOf({ ...face(2000, 2000, 500, 1000, 100), box, unit: 80 });
  assert.deepEqual([kept.image.width, kept.image.height], [886, 886]);
  const [left, top, right, bottom] = kept.box ?? boxOf([]);
  assert.ok(Math.abs(right - left - 354.4) < 1 && Math.abs(bottom - top - 265.8) < 1);
  const x = (kept.points?.[0] ?? NaN) - left;
  assert.ok(Math.abs(x - 0.443 * (600 - 300)) < 1, `${x}`);
  assert.ok(Math.abs((kept.unit ?? 0) - 35.4) < 0.1);
  assert.equal(kept.image.width * kept.image.height, kept.image.data.length, `${top}`);
});

test('small pictures, and those without a face, stay as they are', async () => {
  const small = face(640, 480, 300, 200, 150);
  assert.deepEqual(await surroundingsOf(small), small);
  const negative = { ...face(2048, 1000, 500, 500, 50), points: undefined };
  assert.deepEqual(await surroundingsOf(negative), negative);
});

test('of a very large picture without a face all is kept, smaller', async () => {
  const negative = { ...face(3000, 4096, 500, 500, 400), points: undefined };
  const { image } = await surroundingsOf(negative);
  assert.deepEqual([image.width, image.height, image.data.length], [1500, 2048, 1500 * 2048]);
  for (const [x, y] of [
    [0, 0],
    [700, 1100],
    [1499, 2047],
  ]) {
    const [kept, whole] = [image.data[1500 * y + x], negative.image.data[3000 * 2 * y + 2 * x]];
    assert.ok(Math.abs(kept - whole) < 6, `${kept}, ${whole} at ${x}, ${y}`);
  }
});

test('what is kept lies where threads share it, so that there is one copy of it', async () => {
  const large = face(2000, 2000, 1000, 1000, 400);
  const samples = [face(640, 480, 300, 200, 150), large, { ...large, points: undefined }];
  for (const sample of samples)
    assert.ok((await surroundingsOf(sample)).image.data.buffer instanceof SharedArrayBuffer);
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

/** Faces in the middle, beside an edge and over a corner of a large picture, one with a box of its own. */
const LARGE: Sample[] = [
  face(2400, 1800, 1300.3, 800.6, 100),
  face(1800, 1500, 40.2, 1400.7, 90),
  face(1800, 1500, 1790, 5, 60),
  { ...face(2000, 2000, 500, 1000, 60), box: [400, 900, 560, 1090] },
];

test('what is measured on is cut to what is looked at, its pixels as they were', () => {
  const [whole] = LARGE;
  const { image } = measuredPartOf(whole);
  assert.deepEqual([image.width, image.height], [1451, 1451]);
  // From 7.25 / 2 boxes of 200 px left of and above the centre.
  for (const [x, y] of [
    [0, 0],
    [700, 900],
  ])
    assert.equal(image.data[y * image.width + x], whole.image.data[(75 + y) * 2400 + 575 + x]);
  const colours = new Uint8Array(4 * whole.image.data.length);
  whole.image.data.forEach((value, i) => (colours[4 * i + 2] = value));
  const kept = measuredPartOf({ ...whole, image: { ...whole.image, data: colours, channels: 4 } }).image;
  assert.equal(kept.data[4 * (900 * kept.width + 700) + 2], image.data[900 * image.width + 700]);
});

test('figures of the cut are those of the whole picture', async () => {
  const augmentation = { ...DEFAULT_AUGMENTATION, blur: 0, noise: 0, shade: 0, patch: 0, gamma: 0 };
  const input = faceCropInput(48, 1.3, augmentation);
  const look = async (samples: readonly Sample[]) => {
    const inputs: Float32Array[] = [];
    const results = await evaluateOnSamples(samples, input, (these) => {
      inputs.push(these.slice());
      const random = randomOf(3);
      const n = these.length / 48 / 48;
      return {
        keypoints: Float32Array.from({ length: 136 * n }, () => random.uniform()),
        spread: new Float32Array(0),
        presence: new Float32Array(0),
      };
    });
    const beside = samples.flatMap((sample) =>
      Array.from({ length: 40 }, (_, i) => {
        const target = { points: new Float32Array(136), known: new Float32Array(68) };
        const crop = new Float32Array(48 * 48);
        input.augmentNoFace?.(sample, randomOf(i), { crop, ...target });
        return crop;
      }),
    );
    return { results, inputs: [...inputs, ...beside] };
  };
  const cut = LARGE.map(measuredPartOf);
  for (const { image } of cut) assert.ok(image.data.length < 1800 * 1500);
  const [before, after] = [await look(LARGE), await look(cut)];
  before.results.forEach(({ nme, mae, unit }, i) => {
    const other = after.results[i];
    assert.ok(Math.abs(nme - other.nme) < 1e-5 * nme && Math.abs(mae - other.mae) < 1e-5 * mae);
    assert.equal(other.unit, unit);
  });
  before.inputs.forEach((values, i) =>
    values.forEach((value, k) => assert.ok(Math.abs(value - after.inputs[i][k]) < 1e-4, `input ${i}`)),
  );
  assert.deepEqual(cut.map(isHard), LARGE.map(isHard));
});

test('small pictures, those that a face fills and those without one are measured on as they are', () => {
  for (const sample of [
    face(640, 480, 300, 200, 20),
    face(1600, 1200, 800, 600, 400),
    { ...LARGE[0], points: undefined },
  ])
    assert.equal(measuredPartOf(sample), sample);
});
