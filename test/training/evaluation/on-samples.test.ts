import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaOfCount } from '../../../training/src/datasets/schema.ts';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import { evaluateOnSamples } from '../../../training/src/evaluation/on-samples.ts';
import { faceCropInput } from '../../../training/src/inputs/face-crop.ts';
import { pictureInput } from '../../../training/src/inputs/picture.ts';

/** Five points in a box of 40 by 90 px. */
function face(unit?: number): Sample {
  const image = { data: new Uint8Array(120 * 120), width: 120, height: 120, channels: 1 as const };
  const points = Float32Array.of(30, 10, 70, 10, 30, 100, 70, 100, 50, 55);
  return { name: 'a', set: 's', split: 'val', image, points, unit };
}

test('points and expected errors come back in px of the picture, errors over the face’s unit', async () => {
  const input = faceCropInput(32, 2);
  const schema = schemaOfCount(5);
  // The crop is 180 px about (50, 55); all points are said to be at its centre, 0.1 of it wrong.
  const predict = (inputs: Float32Array) => ({
    keypoints: new Float32Array((inputs.length / 32 / 32) * 10).fill(0.5),
    spread: new Float32Array((inputs.length / 32 / 32) * 5).fill(0.1),
    presence: new Float32Array(0),
  });
  const [result, scaled] = await evaluateOnSamples([face(), face(10)], input, predict, schema);
  assert.equal(result.span, 180);
  for (let i = 0; i < 10; i++) assert.ok(Math.abs(result.predicted[i] - [50, 55][i % 2]) < 1e-4);
  assert.ok(result.spread?.every((value) => Math.abs(value - 18) < 1e-4));
  const corner = Math.hypot(20, 45);
  assert.ok(Math.abs(result.mae - (4 * corner) / 5) < 1e-4);
  // No pair of points is the unit of an unknown schema: the box is.
  assert.ok(Math.abs(result.nme - (100 * result.mae) / 60) < 1e-3);
  assert.ok(Math.abs(scaled.nme - (100 * scaled.mae) / 10) < 1e-3);
});

test('a network that gives no expected error leaves it out', async () => {
  const predict = () => ({
    keypoints: new Float32Array(10),
    spread: new Float32Array(0),
    presence: new Float32Array(0),
  });
  const [result] = await evaluateOnSamples([face()], faceCropInput(32, 2), predict, schemaOfCount(5));
  assert.equal(result.spread, undefined);
  assert.equal(result.presence, undefined);
});

test('a face of one point has a distance in px, and nothing to measure it by', async () => {
  const [one, boxed] = [{ ...face(), points: Float32Array.of(40, 30) }, face()];
  const predict = () => ({
    keypoints: Float32Array.of(0.5, 0.5, 0.5, 0.5),
    spread: new Float32Array(0),
    presence: new Float32Array(0),
  });
  const input = pictureInput({
    width: 12,
    height: 12,
    rotation: 0,
    shift: 0,
    brightness: 0,
    contrast: 0,
  });
  const [alone, withBox] = await evaluateOnSamples(
    [one, { ...boxed, points: Float32Array.of(40, 30), box: [0, 0, 50, 50] }],
    input,
    predict,
    schemaOfCount(1),
  );
  const distance = Math.hypot(20, 30);
  assert.ok(Math.abs(alone.mae - distance) < 1e-4 && Number.isNaN(alone.nme) && Number.isNaN(alone.unit));
  assert.ok(Math.abs(withBox.nme - 2 * distance) < 1e-3);
});
