import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  eyeLineAngle,
  interOcularDistance,
  LANDMARK_COUNT,
  LANDMARK_GROUPS,
  MIRROR,
} from '../../sdk/src/index.ts';
import { MEAN_FACE } from './fake-model.ts';

test('mirroring twice is no change, and each group becomes a group', () => {
  assert.equal(MIRROR.length, LANDMARK_COUNT);
  MIRROR.forEach((other, i) => assert.equal(MIRROR[other], i));
  const [start, end] = LANDMARK_GROUPS.rightEye;
  for (let i = start; i < end; i++) assert.ok(MIRROR[i] >= 42 && MIRROR[i] < 48);
});

test('the groups cover all landmarks once, in order', () => {
  let next = 0;
  for (const [start, end] of Object.values(LANDMARK_GROUPS)) {
    assert.equal(start, next);
    next = end;
  }
  assert.equal(next, LANDMARK_COUNT);
});

test('eye line and inter-ocular distance', () => {
  for (const degrees of [-30, 0, 30]) {
    const t = (degrees * Math.PI) / 180;
    const turned = MEAN_FACE.map((_, i) =>
      i % 2 === 0
        ? MEAN_FACE[i] * Math.cos(t) - MEAN_FACE[i + 1] * Math.sin(t)
        : MEAN_FACE[i - 1] * Math.sin(t) + MEAN_FACE[i] * Math.cos(t),
    );
    assert.ok(Math.abs(eyeLineAngle(turned) - t) < 1e-6, 'clockwise on the screen is positive');
    assert.ok(Math.abs(interOcularDistance(turned) - interOcularDistance(MEAN_FACE)) < 1e-9);
  }
});
