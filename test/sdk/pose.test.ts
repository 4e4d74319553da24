import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cropToImage, estimatePose } from '../../sdk/src/index.ts';
import { isPlausibleFace } from '../../sdk/src/landmarks/pose.ts';
import { MEAN_FACE } from './fake-model.ts';

const region = (degrees: number) => ({ cx: 100, cy: 100, size: 90, angle: (degrees * Math.PI) / 180 });

test('roll follows the picture, clockwise positive', () => {
  for (const degrees of [-30, 0, 30]) {
    const { yaw, roll } = estimatePose(cropToImage(MEAN_FACE, region(degrees)));
    assert.ok(Math.abs(roll - degrees) < 3, `${roll}`);
    assert.ok(Math.abs(yaw) < 3, `${yaw}`);
  }
});

test('a nose to the right of the picture is a positive yaw, a nose further up a positive pitch', () => {
  const moved = (dx: number, dy: number): number[] => {
    const points = [...MEAN_FACE];
    for (let i = 27; i < 36; i++) {
      points[2 * i] += dx;
      points[2 * i + 1] += dy;
    }
    return points;
  };
  assert.ok(estimatePose(moved(0.08, 0)).yaw > 8);
  assert.ok(estimatePose(moved(-0.08, 0)).yaw < -8);
  assert.ok(estimatePose(moved(0, -0.05)).pitch > estimatePose(moved(0, 0.05)).pitch + 8);
});

test('what is no face is not taken for one', () => {
  assert.ok(isPlausibleFace(cropToImage(MEAN_FACE, region(30))));
  assert.ok(!isPlausibleFace(new Float32Array(136)));
  assert.ok(!isPlausibleFace(new Float32Array(136).fill(NaN)));
  const upsideDown = cropToImage(MEAN_FACE, region(0)).map((value, i) => (i % 2 ? 200 - value : value));
  assert.ok(!isPlausibleFace(upsideDown));
});
