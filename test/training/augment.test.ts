import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  augmentFace,
  augmentNoFace,
  faceRegion,
  regionWithoutFace,
} from '../../training/src/augmentation/augment.ts';
import { DrawPlan, RoundPlan } from '../../training/src/augmentation/plan.ts';
import { DEFAULT_AUGMENTATION, type AugmentationSettings } from '../../training/src/augmentation/settings.ts';
import type { Sample } from '../../training/src/datasets/sample.ts';
import { faceCropInput } from '../../training/src/inputs/face-crop.ts';
import { MIRROR } from '../../sdk/src/landmarks/schema.ts';
import { randomOf } from '../../training/src/support/random.ts';

const SIZE = 64;
const GEOMETRY_ONLY = { ...DEFAULT_AUGMENTATION, gamma: 0, patch: 0, blur: 0, noise: 0, shade: 0, blink: 0 };

/** Black, with a white dot at landmark 36 only. */
function dotted(): Sample {
  const width = 200;
  const data = new Uint8Array(width * width);
  const points = new Float32Array(136);
  for (let i = 0; i < 68; i++) points.set([100 + 45 * Math.cos(i), 100 + 45 * Math.sin(i)], 2 * i);
  const [x, y] = [Math.round(points[72]), Math.round(points[73])];
  points.set([x + 0.5, y + 0.5], 72);
  for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) data[(y + dy) * width + x + dx] = 255;
  return {
    name: 'dot',
    set: 's',
    split: 'train',
    points,
    image: { data, width, height: width, channels: 1 },
  };
}

function target() {
  return { crop: new Float32Array(SIZE * SIZE), points: new Float32Array(136), known: new Float32Array(68) };
}

for (const mirror of [0, 1]) {
  test(`points stay on what they mark under rotation, shift, scale and warps${mirror ? ', mirrored' : ''}`, () => {
    for (let seed = 0; seed < 40; seed++) {
      const out = target();
      const warp = seed % 2 ? 0.08 : undefined;
      augmentFace(dotted(), SIZE, 1.3, { ...GEOMETRY_ONLY, mirror, warp }, randomOf(seed), out);
      let sum = 0;
      let x = 0;
      let y = 0;
      const dark = Math.min(...out.crop);
      out.crop.forEach((value, i) => {
        sum += value - dark;
        x += (value - dark) * ((i % SIZE) + 0.5);
        y += (value - dark) * (Math.floor(i / SIZE) + 0.5);
      });
      const index = mirror ? MIRROR[36] : 36;
      const distance = Math.hypot(
        x / sum / SIZE - out.points[2 * index],
        y / sum / SIZE - out.points[2 * index + 1],
      );
      assert.ok(distance < 0.02, `seed ${seed}: ${distance} of the crop away`);
    }
  });
}

/** A soft white spot at landmark 30, far from the crop's edges. */
function spotted(): Sample {
  const sample = dotted();
  const [x, y] = [90.3, 108.6];
  sample.points?.set([x, y], 60);
  const { width, data } = sample.image;
  for (let i = 0; i < data.length; i++) {
    const [dx, dy] = [(i % width) + 0.5 - x, Math.floor(i / width) + 0.5 - y];
    data[i] = 255 * Math.exp(-(dx * dx + dy * dy) / 2 / 6 ** 2);
  }
  return sample;
}

for (const warp of [undefined, 0.08]) {
  test(`a blurred crop is not shifted${warp ? ', nor one that is warped' : ''}`, () => {
    const settings = { ...GEOMETRY_ONLY, mirror: 0, blur: 1, warp };
    let [dx, dy] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const out = target();
      augmentFace(spotted(), SIZE, 1.3, settings, randomOf(seed), out);
      const dark = Math.min(...out.crop);
      let [sum, x, y] = [0, 0, 0];
      out.crop.forEach((value, i) => {
        sum += value - dark;
        x += (value - dark) * ((i % SIZE) + 0.5);
        y += (value - dark) * (Math.floor(i / SIZE) + 0.5);
      });
      dx += (x / sum - SIZE * out.points[60]) / 40;
      dy += (y / sum - SIZE * out.points[61]) / 40;
    }
    assert.ok(Math.abs(dx) < 0.2 && Math.abs(dy) < 0.2, `${dx}, ${dy} px`);
  });
}

test('unknown points are marked so, and a crop without a face knows none', () => {
  const sample = dotted();
  sample.points?.fill(NaN, 10, 14);
  const out = target();
  augmentFace(sample, SIZE, 1.3, { ...DEFAULT_AUGMENTATION, mirror: 0 }, randomOf(1), out);
  assert.deepEqual([...out.known.slice(4, 8)], [1, 0, 0, 1]);
  assert.ok(out.points.every(Number.isFinite));
  augmentNoFace(sample, SIZE, 1.3, DEFAULT_AUGMENTATION, randomOf(1), out);
  assert.ok(out.known.every((known) => known === 0));
  assert.ok(out.crop.every(Number.isFinite));
});

test('crops without a face lie far inside, far around or beside one; of pictures without one they are any part', () => {
  const sample = dotted();
  const face = faceRegion(sample, 1.3);
  const seen = { inside: 0, around: 0, beside: 0 };
  for (let seed = 0; seed < 400; seed++) {
    const region = regionWithoutFace(sample, 1.3, randomOf(seed));
    const scale = region.size / face.size;
    const away = Math.hypot(region.cx - face.cx, region.cy - face.cy) / face.size;
    if (scale <= 0.4) seen.inside++;
    else if (scale >= 2.5) seen.around++;
    else if (away >= 0.55) seen.beside++;
    else assert.fail(`seed ${seed}: of ${scale} faces, ${away} away`);
  }
  assert.ok(Math.min(...Object.values(seen)) > 50, JSON.stringify(seen));
  const { width, height } = { width: 200, height: 100 };
  const without = { ...sample, points: undefined, image: { ...sample.image, height } };
  for (let seed = 0; seed < 100; seed++) {
    const { cx, cy, size } = regionWithoutFace(without, 1.3, randomOf(seed));
    assert.ok(cx >= 0 && cx <= width && cy >= 0 && cy <= height && size >= 15 && size <= height);
  }
});

test('crops without a face are warped as those with one are, so that a warp tells nothing', () => {
  const crops = [undefined, 0.08].map((warp) => {
    const out = target();
    augmentNoFace(dotted(), SIZE, 1.3, { ...GEOMETRY_ONLY, warp }, randomOf(2), out);
    return out.crop;
  });
  assert.notDeepEqual([...crops[0]], [...crops[1]]);
});

test('the draw of a crop depends on its number alone and follows the mix', () => {
  const sets = ['a', 'a', 'a', 'b', 'c', 'negatives'];
  const plan = new DrawPlan(5, sets, { a: 1, b: 3 }, 0.2);
  const draws = Array.from({ length: 4000 }, (_, i) => plan.draw(i));
  assert.deepEqual(new DrawPlan(5, sets, { a: 1, b: 3 }, 0.2).draw(1234), draws[1234]);
  const share = (wanted: (draw: { sample: number; face: boolean }) => boolean) =>
    draws.filter(wanted).length / draws.length;
  assert.ok(Math.abs(share(({ face }) => !face) - 0.2) < 0.03);
  assert.ok(Math.abs(share(({ face, sample }) => face && sample === 3) - 0.6) < 0.04);
  assert.equal(
    share(({ sample }) => sample === 4),
    0,
  );
  assert.equal(
    share(({ face, sample }) => face && sample === 5),
    0,
  );
});

test('in rounds every sample comes once before any comes again, in an order of the round', () => {
  const plan = new RoundPlan(5, 7);
  const samples = Array.from({ length: 21 }, (_, i) => plan.draw(i).sample);
  const rounds = [0, 7, 14].map((start) => samples.slice(start, start + 7));
  for (const round of rounds)
    assert.deepEqual(
      round.toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6],
    );
  assert.notDeepEqual(rounds[0], rounds[1]);
  assert.equal(new RoundPlan(5, 7).draw(9).sample, samples[9]);
});

test('settings without blinks draw nothing for them: such a run resumes with the crops it had', () => {
  const drawn = (settings: AugmentationSettings) => {
    const random = randomOf(4);
    let count = 0;
    const counting = { ...random, uniform: () => (count++, random.uniform()) };
    augmentFace(dotted(), SIZE, 1.3, settings, counting, target());
    return count;
  };
  const older = { ...GEOMETRY_ONLY, blink: undefined };
  assert.equal(drawn({ ...older, blink: 1e-9 }), drawn(older) + 1);
  assert.equal(drawn({ ...older, blink: 0 }), drawn(older));
});

test('faces whose points have no known pairs are never flipped', () => {
  const fetch = (mirror: number) => {
    const out = target();
    const unknown = { name: 'points68', count: 68, regions: {} };
    faceCropInput(SIZE, 1.3, { ...GEOMETRY_ONLY, mirror }, unknown).augment(dotted(), randomOf(1), out);
    return out;
  };
  assert.deepEqual(fetch(1), fetch(0));
});
