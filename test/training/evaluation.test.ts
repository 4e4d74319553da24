import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faceRegion } from '../../training/src/augmentation/augment.ts';
import { schemaOfCount } from '../../training/src/datasets/schema.ts';
import { groupsOf } from '../../training/src/evaluation/groups.ts';
import { errorPairs, evaluatePrepared, prepareFaces } from '../../training/src/evaluation/on-samples.ts';
import {
  isHeldOut,
  keptShare,
  presenceWithoutFace,
  reportPresence,
} from '../../training/src/evaluation/presence.ts';
import { isHard } from '../../training/src/evaluation/slices.ts';
import { faceCropInput } from '../../training/src/inputs/face-crop.ts';
import { imageToCrop } from '../../sdk/src/crop/region.ts';
import type { Sample } from '../../training/src/datasets/sample.ts';
import { noiseFaces, TINY_SETTINGS } from './support.ts';

const SETTINGS = { ...TINY_SETTINGS, size: 16 };

/** Corners and a few more places of a face that looks straight ahead, `scale` px from side to side. */
function frontalFace(scale: number, grey: number, turn = 0): Sample {
  const points = new Float32Array(136);
  for (let i = 0; i < 68; i++) points.set([0.5, 0.5], 2 * i);
  const places: [number, number, number][] = [
    [30, 0, 0],
    [8, 0, 330],
    [36, -225, -170],
    [45, 225, -170],
    [48, -150, 150],
    [54, 150, 150],
    [27, 0, -165],
    [0, -330, 0],
    [16, 330, 0],
  ];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let i = 0; i < 68; i++) points.set([scale, scale], 2 * i);
  for (const [i, x, y] of places) {
    const [u, v] = [(x / 660) * scale, (y / 660) * scale];
    points.set([scale + u * cos - v * sin, scale + u * sin + v * cos], 2 * i);
  }
  const width = 2 * scale;
  const data = new Uint8Array(width * width).fill(grey);
  return { name: 'f', set: 's', split: 'val', points, image: { data, width, height: width, channels: 1 } };
}

test('hard faces: small, dark or leaning ones', () => {
  assert.equal(isHard(frontalFace(200, 128)), false);
  assert.equal(isHard(frontalFace(60, 128)), true, 'small');
  assert.equal(isHard(frontalFace(200, 40)), true, 'dark');
  assert.equal(isHard(frontalFace(200, 128, 0.6)), true, 'leaning');
});

test('distances and spreads are measured in crop units', () => {
  const samples = noiseFaces(3, 'val');
  samples[1].points!.fill(NaN, 0, 2);
  const faces = prepareFaces(samples, faceCropInput(16, 1.3));
  const truths = samples.map((sample) => imageToCrop(sample.points!, faceRegion(sample, 1.3)));
  const results = evaluatePrepared(faces, (crops) => {
    const n = crops.length / 256;
    return {
      keypoints: Float32Array.from(
        { length: n * 136 },
        (_, i) => (truths[Math.floor(i / 136)][i % 136] || 0) + 0.03,
      ),
      spread: new Float32Array(n * 68).fill(0.05),
      presence: new Float32Array(n).fill(0.9),
    };
  });
  assert.deepEqual(
    results.map((result) => errorPairs(result).length),
    [68, 67, 68],
  );
  assert.deepEqual(
    results.map(({ presence }) => presence),
    [Math.fround(0.9), Math.fround(0.9), Math.fround(0.9)],
  );
  for (const { distance, spread } of errorPairs(results[0], results[0].span)) {
    assert.ok(Math.abs(distance - 0.03 * Math.SQRT2) < 1e-5);
    assert.ok(Math.abs(spread - 0.05) < 1e-6);
  }
  assert.deepEqual(
    groupsOf(results).map(({ name, faces }) => [name, faces.length]),
    [
      ['noise', 3],
      ['all', 3],
    ],
    'all are small, so hard and easy say nothing more',
  );
});

test('points that do not tell the head pose have no hard and easy faces', async () => {
  const samples = [frontalFace(200, 128), frontalFace(60, 128)];
  const said = {
    keypoints: new Float32Array(272),
    spread: new Float32Array(0),
    presence: new Float32Array(0),
  };
  const results = evaluatePrepared(prepareFaces(samples, faceCropInput(16, 1.3)), () => said);
  const names = (count: number) => groupsOf(results, schemaOfCount(count)).map(({ name }) => name);
  assert.deepEqual(names(68), ['s', 'all', 'hard', 'easy']);
  assert.deepEqual(names(58), ['s', 'all']);
  assert.equal(
    await reportPresence(results, noiseFaces(1), SETTINGS, () => said),
    undefined,
    'nor does a network that is not asked say where faces are',
  );
});

test('crops without a face are the same each time, and as many as asked for', async () => {
  const seen: Float32Array[] = [];
  const predict = (crops: Float32Array) => {
    seen.push(crops.slice());
    const n = crops.length / 256;
    return {
      keypoints: new Float32Array(n * 136),
      spread: new Float32Array(n * 68),
      presence: Float32Array.from({ length: n }, (_, i) => (i === 0 ? 0.7 : 0.1)),
    };
  };
  const run = () => presenceWithoutFace(noiseFaces(14), 3, SETTINGS, predict);
  const presence = await run();
  assert.equal(presence.length, 42);
  const first = seen.splice(0);
  await run();
  assert.deepEqual(seen, first);
  assert.equal(keptShare(presence), (100 * 2) / 42, 'one of each batch of 32');
});

test('one picture in five is held out, by its name', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `picture${i}.jpg`);
  const share = names.filter(isHeldOut).length / names.length;
  assert.ok(share > 0.16 && share < 0.24, `${share}`);
});
