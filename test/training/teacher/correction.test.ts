import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctLabel } from '../../../training/src/teacher/correction.ts';
import { randomOf } from '../../../training/src/support/random.ts';

const random = randomOf(12);
const label = Float32Array.from({ length: 136 }, () => random.between(20, 200));
const even = new Float32Array(68).fill(2);

/** Scaled about the origin, then moved. */
function placed(points: Float32Array, scale: number, x: number, y: number): Float32Array {
  return points.map((value, i) => scale * value + (i % 2 === 0 ? x : y));
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-3): void {
  assert.equal(actual.length, expected.length);
  Array.from(expected).forEach((value, i) =>
    assert.ok(
      Number.isNaN(value) ? Number.isNaN(actual[i]) : Math.abs(actual[i] - value) < tolerance,
      `[${i}]: ${actual[i]}, not ${value}`,
    ),
  );
}

test('nothing is corrected that is not asked for', () => {
  const { points, moved } = correctLabel(label, placed(label, 2, 5, 5), even, {});
  assert.deepEqual(points, label);
  assert.deepEqual(moved, [1, 0, 0]);
});

test('registration finds a known scale and place, and keeps the shape', () => {
  const { points, moved } = correctLabel(label, placed(label, 1.1, -7, 12), even, { register: true });
  assertNear(moved, [1.1, -7, 12]);
  assertNear(points, placed(label, 1.1, -7, 12));
});

test('registration goes by the points that the teacher is sure of, and by known ones', () => {
  const taught = placed(label, 0.9, 3, -4);
  const spread = even.slice();
  for (let i = 0; i < 10; i++) {
    taught[2 * i] += 60;
    spread[i] = 1000;
  }
  const gaps = label.slice().fill(NaN, 40, 60);
  const { points, moved } = correctLabel(gaps, taught, spread, { register: true });
  assertNear(moved, [0.9, 3, -4], 0.01);
  assert.ok(points.slice(40, 60).every(Number.isNaN), 'unknown points stay so');
  assertNear(points, placed(gaps, 0.9, 3, -4), 0.05);
});

test('a share is how far points go to the teacher’s', () => {
  const taught = label.map((value, i) => value + (i % 7));
  const at = (share: number) => correctLabel(label, taught, even, { share }).points;
  assertNear(
    at(0.5),
    label.map((value, i) => value + (i % 7) / 2),
  );
  assertNear(at(1), taught);
});

test('a share goes on from where registration has put the points', () => {
  const taught = placed(label, 1.2, 1, 2);
  taught[30] += 10;
  const registered = correctLabel(label, taught, even, { register: true }).points;
  const both = correctLabel(label, taught, even, { register: true, share: 0.5 }).points;
  assertNear(
    both,
    registered.map((value, i) => (value + taught[i]) / 2),
  );
});

test('filling gives unknown points the teacher’s place, and known ones none', () => {
  const gaps = label.slice().fill(NaN, 10, 14);
  const taught = placed(label, 1, 4, 4);
  const { points } = correctLabel(gaps, taught, even, { fill: true });
  assert.deepEqual(points.slice(10, 14), taught.slice(10, 14));
  assert.deepEqual(points.slice(14), label.slice(14));
  assert.deepEqual(points.slice(0, 10), label.slice(0, 10));
});
