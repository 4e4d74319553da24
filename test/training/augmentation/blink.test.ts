import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blink } from '../../../training/src/augmentation/blink.ts';
import { randomOf } from '../../../training/src/support/random.ts';

const SIZE = 128;
/** Corner, two of the upper lid, corner, two of the lower lid; px about the eye's middle. */
const EYE = [-15, 0, -6, -6, 6, -6, 15, 0, 6, 5, -6, 4];
const [RIGHT, LEFT] = [36, 42];

/** A noisy crop with an eye at either side, turned by `angle`. */
function face(angle = 0) {
  const random = randomOf(8);
  const crop = Float32Array.from({ length: SIZE * SIZE }, () => random.between(0, 255));
  const points = Float32Array.from({ length: 136 }, () => random.uniform());
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (const [first, middle] of [
    [RIGHT, 38],
    [LEFT, 90],
  ])
    for (let i = 0; i < 6; i++) {
      const [x, y] = [EYE[2 * i], EYE[2 * i + 1]];
      points[2 * (first + i)] = (middle + x * cos - y * sin) / SIZE;
      points[2 * (first + i) + 1] = (60 + x * sin + y * cos) / SIZE;
    }
  return { crop, points };
}

function closed(closing: readonly [number, number], angle = 0) {
  const { crop, points } = face(angle);
  blink(crop, SIZE, points, closing);
  return { crop, points };
}

/** Px from the line between two points, along it and down from it. */
function inEye(points: Float32Array, first: number, i: number): [along: number, down: number] {
  const at = (k: number) => [points[2 * (first + k)] * SIZE, points[2 * (first + k) + 1] * SIZE];
  const [[x0, y0], [x3, y3], [x, y]] = [at(0), at(3), at(i)];
  const width = Math.hypot(x3 - x0, y3 - y0);
  const [ex, ey] = [(x3 - x0) / width, (y3 - y0) / width];
  return [(x - x0) * ex + (y - y0) * ey, (y - y0) * ex - (x - x0) * ey];
}

test('open eyes stay as they are', () => {
  assert.deepEqual(closed([0, 0]), face());
});

for (const angle of [0, 0.4]) {
  test(`a shut eye's upper lid lies on the curve of the lower one, turned by ${angle}`, () => {
    const { points } = closed([1, 1], angle);
    for (const first of [RIGHT, LEFT]) {
      // The lower lid's points: at 9 and 21 px of 30 along, 4 and 5 px down; a curve that vanishes in both corners.
      const bend = (down: number, along: number) => down / (along * (30 - along));
      const [a, b] = [bend(4, 9), bend(5, 21)];
      for (const i of [1, 2]) {
        const [along, down] = inEye(points, first, i);
        const lower = (a + ((b - a) * (along - 9)) / 12) * along * (30 - along);
        assert.ok(Math.abs(down - lower) < 1e-3, `${first + i}: ${down} px down, the lid ${lower}`);
        const [before] = inEye(face(angle).points, first, i);
        assert.ok(Math.abs(along - before) < 1e-3, 'lids close, they do not slide');
      }
    }
  });
}

test('all points but those of the upper lids stay', () => {
  const lids = [37, 38, 43, 44].flatMap((i) => [2 * i, 2 * i + 1]);
  const [before, after] = [face().points, closed([1, 0.5]).points];
  before.forEach((value, i) => {
    if (!lids.includes(i)) assert.equal(after[i], value, `coordinate ${i}`);
  });
  assert.ok(after[2 * 37 + 1] > before[2 * 37 + 1] && after[2 * 43 + 1] > before[2 * 43 + 1]);
});

test('half closed, a lid goes half of the way', () => {
  const y = ({ points }: { points: Float32Array }) => points[2 * 37 + 1];
  const [open, half, shut] = [face(), closed([0.5, 0]), closed([1, 0])].map(y);
  assert.ok(Math.abs(half - (open + shut) / 2) < 1e-6);
});

test('pixels change between the lid’s skin and the lower lid alone, and of one eye when one closes', () => {
  const [before, after] = [face().crop, closed([1, 0]).crop];
  let changed = 0;
  before.forEach((value, i) => {
    if (value === after[i]) return;
    changed++;
    const [x, y] = [(i % SIZE) + 0.5 - 38, Math.floor(i / SIZE) + 0.5 - 60];
    // Skin reaches 0.45 of the eye's width, 30 px, above the lid, which is up to 7 px above the corners.
    assert.ok(Math.abs(x) < 15 && y > -7 - 14 && y < 6, `pixel ${x}, ${y} about the eye`);
  });
  assert.ok(changed > 300, `${changed} pixels`);
});

test('a shut eye shows the skin from above it', () => {
  const { crop, points } = face();
  for (let i = 0; i < crop.length; i++) crop[i] = Math.floor(i / SIZE) < 53 ? 200 : 20;
  blink(crop, SIZE, points, [1, 1]);
  // Skin is stretched: from 14 px above the lid, at 53, to the lower lid, at 65.
  assert.equal(crop[60 * SIZE + 38], 200);
  assert.equal(crop[70 * SIZE + 38], 20, 'below the eye nothing changes');
});

test('an eye with an unknown point stays as it is, the other closes', () => {
  for (const i of [0, 1, 2, 3, 4, 5]) {
    const { crop, points } = face();
    points.fill(NaN, 2 * (RIGHT + i), 2 * (RIGHT + i) + 2);
    const before = { crop: crop.slice(), points: points.slice() };
    blink(crop, SIZE, points, [1, 0]);
    assert.deepEqual({ crop, points }, before, `point ${RIGHT + i}`);
    blink(crop, SIZE, points, [1, 1]);
    assert.notDeepEqual(points, before.points);
  }
});

test('points of another schema are let be', () => {
  const { crop, points } = face();
  const fewer = points.slice(0, 116);
  blink(crop, SIZE, fewer, [1, 1]);
  assert.deepEqual(crop, face().crop);
});

test('the same closing gives the same crop, and every value stays finite, at the edge too', () => {
  assert.deepEqual(closed([0.7, 0.3]), closed([0.7, 0.3]));
  const { crop, points } = face();
  for (let i = RIGHT; i < RIGHT + 6; i++) points[2 * i + 1] -= 58 / SIZE;
  blink(crop, SIZE, points, [1, 1]);
  assert.ok(crop.every(Number.isFinite) && points.every(Number.isFinite));
});
