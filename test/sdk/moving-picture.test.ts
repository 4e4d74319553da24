/** The moving pictures that other tests measure with: is their truth true? */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HEIGHT, WIDTH, writeMovingCamera } from '../support/camera.mjs';
import { readStamp, stamp } from '../support/frame-stamp.mjs';
import {
  pointsToFrame,
  pointsToSprite,
  renderFrame,
  seeded,
  type Place,
  type Sprite,
} from '../support/moving-picture.mjs';
import { jitter, lag, tremble } from '../support/motion-measures.ts';

const DOT = [26, 44] as const;
/** Black with a soft bright dot. */
const dot = (x: number, y: number): number => 255 * Math.exp(-((x - DOT[0]) ** 2 + (y - DOT[1]) ** 2) / 18);
const sprite: Sprite = {
  data: Uint8Array.from({ length: 80 * 60 }, (_, i) => dot((i % 80) + 0.5, Math.floor(i / 80) + 0.5)),
  width: 80,
  height: 60,
  mask: false,
};
const turned: Place = { x: 101.3, y: 60.8, angle: 0.7, scale: 1.3 };

/** The middle of what is bright, px. */
function bright(data: ArrayLike<number>, width: number): [number, number] {
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    sum[0] += data[i];
    sum[1] += data[i] * ((i % width) + 0.5);
    sum[2] += data[i] * (Math.floor(i / width) + 0.5);
  }
  return [sum[1] / sum[0], sum[2] / sum[0]];
}

const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): void => {
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) < within, `${a[i]} and ${b[i]}`);
};

test('a point of the picture lies in the frame where it is said to lie', () => {
  const { data, width } = renderFrame([{ sprite, place: turned }], {
    width: 200,
    height: 130,
    background: 0,
  });
  near(bright(data, width), pointsToFrame(DOT, sprite, turned), 0.1);
  const points = [1, 2, 30, 40, 79, 3];
  near(pointsToSprite(pointsToFrame(points, sprite, turned), sprite, turned), points, 1e-3);
});

test('noise is seeded and of the deviation asked for; later layers are in front', () => {
  const options = { width: 200, height: 100, noise: 3, background: 100 };
  const a = renderFrame([], { ...options, random: seeded(4) });
  assert.deepEqual(a, renderFrame([], { ...options, random: seeded(4) }));
  const deviation = jitter(Array.from(a.data, (value) => [value]));
  assert.ok(Math.abs(deviation - 3) < 0.1, `${deviation}`);
  const grey = (value: number): Sprite => ({ ...sprite, data: sprite.data.map(() => value) });
  const place = { x: 50, y: 50, angle: 0, scale: 1 };
  const layers = [grey(10), grey(200)].map((layer) => ({ sprite: layer, place }));
  assert.equal(renderFrame(layers, { width: 100, height: 100 }).data[50 * 100 + 50], 200);
});

test('jitter, tremble and lag are what they are called', () => {
  const truth = Array.from({ length: 30 }, (_, i) => [10 * Math.sin(i / 4), i]);
  const late = truth.map((_, i) => truth[Math.max(0, i - 2)]);
  assert.ok(Math.abs(lag(late, truth, 5, 30) - 2) < 0.03);
  assert.equal(lag(truth, truth, 5, 30), 0);
  assert.equal(jitter([[1], [3], [1], [3]]), 1);
  assert.equal(tremble([[1], [3], [1], [3]]), 2);
});

test('a moving camera clip: every frame says which it is, its points lie where the path says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'face-keypoints-'));
  try {
    const file = join(folder, 'camera.y4m');
    const placeOf = (i: number): Place => ({ x: 200 + 20 * i, y: 240, angle: i / 30, scale: 1 });
    await writeMovingCamera(file, (i) => [{ sprite, place: placeOf(i) }], 5, { rate: 6 });
    const clip = await readFile(file);
    const start = clip.indexOf('\n') + 1;
    assert.match(clip.toString('latin1', 0, start), /^YUV4MPEG2 W640 H480 F6:1 /);
    const size = 'FRAME\n'.length + 1.5 * WIDTH * HEIGHT;
    assert.equal(clip.length, start + 5 * size);
    for (let i = 0; i < 5; i++) {
      const frame = clip.subarray(start + i * size, start + (i + 1) * size);
      assert.equal(frame.toString('latin1', 0, 6), 'FRAME\n');
      const luma = frame.subarray(6, 6 + WIDTH * HEIGHT);
      assert.equal(readStamp({ data: luma, width: WIDTH, channels: 1 }), i);
      // The dot alone: brighter than the grey around the picture, and not the number.
      const dotOnly = luma.map((value, k) => (k < 100 * WIDTH ? 0 : Math.max(0, value - 140)));
      near(bright(dotOnly, WIDTH), pointsToFrame(DOT, sprite, placeOf(i)), 0.3);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the number on a frame is read under noise and not read where there is none', () => {
  const random = seeded(6);
  for (const number of [0, 1, 37, 255]) {
    const frame = renderFrame([], { width: 200, height: 20 });
    assert.equal(readStamp(frame), undefined);
    stamp(frame, number);
    const noisy = { ...frame, data: frame.data.map((value) => value + 20 * (random() - 0.5)) };
    assert.equal(readStamp(noisy), number);
    // One block wrong: the parity tells.
    frame.data.fill(255 - frame.data[8 * 200 + 3 * 16 + 8], 8 * 200 + 3 * 16, 8 * 200 + 4 * 16);
    assert.equal(readStamp(frame), undefined);
  }
});
