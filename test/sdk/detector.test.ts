import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blazeFaceAnchors,
  blendOverlapping,
  decodeCandidates,
  overlap,
  VALUES,
} from '../../sdk/src/detector/decode.ts';
import { letterboxOf, letterboxRgb } from '../../sdk/src/detector/letterbox.ts';

test('anchors: two in each cell of the fine map, then six in each of the coarse one', () => {
  const anchors = blazeFaceAnchors(256);
  assert.equal(anchors.length / 2, 16 * 16 * 2 + 8 * 8 * 6);
  assert.deepEqual([...anchors.slice(0, 6)], [8, 8, 8, 8, 24, 8]);
  assert.deepEqual([...anchors.slice(2 * 512, 2 * 512 + 2)], [16, 16]);
  assert.deepEqual([...anchors.slice(-2)], [240, 240]);
});

test('a candidate is decoded relative to its anchor; improbable ones are left out', () => {
  const values = new Float32Array(2 * VALUES);
  values.set([1, 2, 20, 30, -5, -4, 5, -3]);
  const found = decodeCandidates([0.5, -3], values, [100, 50, 0, 0], 0.5);
  assert.equal(found.length, 1);
  assert.deepEqual(found[0].box, [91, 37, 111, 67]);
  assert.deepEqual(found[0].eyes, [95, 46, 105, 47]);
  assert.ok(Math.abs(found[0].score - 1 / (1 + Math.exp(-0.5))) < 1e-9);
  assert.deepEqual(decodeCandidates([NaN], values, [0, 0], 0.5), []);
});

test('overlapping candidates blend by score, others stay apart', () => {
  const at = (x: number, score: number) => ({
    score,
    box: [x, 0, x + 10, 10] as const,
    eyes: [x, 0, x, 0] as const,
  });
  const faces = blendOverlapping([at(0, 0.9), at(50, 0.8), at(1, 0.6)], 0.3);
  assert.equal(faces.length, 2);
  assert.ok(Math.abs(faces[0].box[0] - 0.4) < 1e-9);
  assert.equal(faces[0].score, 0.9);
  assert.equal(faces[1].box[0], 50);
  // A box without extent overlaps nothing, not even itself: it must not loop.
  assert.equal(blendOverlapping([{ score: 1, box: [0, 0, 0, 0], eyes: [0, 0, 0, 0] }], 0.3).length, 1);
});

test('overlap', () => {
  assert.equal(overlap([0, 0, 10, 10], [20, 0, 30, 10]), 0);
  assert.ok(Math.abs(overlap([0, 0, 10, 10], [5, 0, 15, 10]) - 1 / 3) < 1e-9);
});

test('a wide picture lies in the middle of the square, with black above and below', () => {
  const image = { data: new Uint8Array(400 * 200).fill(255), width: 400, height: 200, channels: 1 as const };
  const { scale, dx, dy } = letterboxOf(400, 200, 100);
  assert.deepEqual([scale, dx, dy], [0.25, 0, 25]);
  const out = letterboxRgb(image, 100);
  const row = (y: number): number => out[(y * 100 + 50) * 3];
  assert.deepEqual([row(24), row(25), row(74), row(75)], [-1, 1, 1, -1]);
});

test('shrinking takes every pixel into account, enlarging repeats them', () => {
  const stripes = new Uint8Array(64 * 64).map((_, i) => (i % 2 ? 255 : 0));
  for (const value of letterboxRgb({ data: stripes, width: 64, height: 64, channels: 1 }, 32))
    assert.ok(Math.abs(value) < 1e-6);
  const out = letterboxRgb({ data: Uint8Array.of(0, 255, 0, 255), width: 2, height: 2, channels: 1 }, 8);
  assert.deepEqual([out[0], out[3 * 3], out[4 * 3], out[7 * 3]], [-1, -1, 1, 1]);
});
