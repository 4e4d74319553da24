import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignGreedily, distance } from '../../sdk/src/tracking/association.ts';

test('the cheapest pairs first, each row and column once, never at infinite cost', () => {
  assert.deepEqual(
    assignGreedily([
      [1, 5],
      [0.5, 3],
    ]),
    [1, 0],
  );
  assert.deepEqual(
    assignGreedily([
      [Infinity, 2],
      [Infinity, 1],
    ]),
    [undefined, 1],
  );
  assert.deepEqual(assignGreedily([[], []]), [undefined, undefined]);
  assert.deepEqual(assignGreedily([]), []);
});

test('distance counts in face sizes, alike from both sides and at every scale', () => {
  const a = { x: 0, y: 0, size: 100 };
  assert.equal(distance(a, a), 0);
  assert.equal(distance(a, { x: 30, y: 40, size: 100 }), 0.5);
  const b = { x: 50, y: 0, size: 200 };
  assert.equal(distance(a, b), distance(b, a));
  const tenth = ({ x, y, size }: typeof a): typeof a => ({ x: x / 10, y: y / 10, size: size / 10 });
  assert.ok(Math.abs(distance(tenth(a), tenth(b)) - distance(a, b)) < 1e-12);
  assert.ok(distance(a, b) > Math.log(2));
});
