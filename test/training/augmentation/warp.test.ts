import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomWarp, warpCrop, warpPoints } from '../../../training/src/augmentation/warp.ts';
import { randomOf } from '../../../training/src/support/random.ts';

const SIZE = 80;
const FINE = 120;
const REACH = 1.3;

/** A smooth bright spot about a place in crop units, in a picture that reaches further than the crop. */
function spot(size: number, x: number, y: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    const place = (pixel: number) => ((pixel + 0.5) / size - 0.5) * REACH + 0.5;
    const [dx, dy] = [place(i % size) - x, place(Math.floor(i / size)) - y];
    return Math.exp(-(dx * dx + dy * dy) / 0.002);
  });
}

function centre(crop: Float32Array): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  crop.forEach((value, i) => {
    sum += value;
    x += value * ((i % SIZE) + 0.5);
    y += value * (Math.floor(i / SIZE) + 0.5);
  });
  return [x / sum / SIZE, y / sum / SIZE];
}

test('what is warped goes where its point goes', () => {
  let furthest = 0;
  for (let seed = 0; seed < 12; seed++) {
    const displacement = randomWarp(0.1, randomOf(seed, 1));
    const points = Float32Array.of(0.3, 0.35, 0.6, 0.7);
    const crops = [0, 2].map((i) => {
      const warped = new Float32Array(SIZE * SIZE);
      warpCrop(spot(FINE, points[i], points[i + 1]), FINE, REACH, warped, SIZE, displacement);
      return warped;
    });
    const before = points.slice();
    warpPoints(points, displacement);
    crops.forEach((crop, i) => {
      const [x, y] = centre(crop);
      assert.ok(Math.hypot(x - points[2 * i], y - points[2 * i + 1]) < 0.004, `seed ${seed}: ${x}, ${y}`);
      furthest = Math.max(furthest, Math.hypot(x - before[2 * i], y - before[2 * i + 1]));
    });
  }
  assert.ok(furthest > 0.02, 'hardly anything moved');
});

test('points that are not known stay unknown', () => {
  const points = Float32Array.of(NaN, NaN, 0.5, 0.5);
  warpPoints(points, randomWarp(0.1, randomOf(1, 1)));
  assert.ok(Number.isNaN(points[0]) && Number.isFinite(points[2]));
});
