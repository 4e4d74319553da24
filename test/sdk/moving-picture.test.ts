/** The moving pictures that other tests measure with: is their truth true? */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { HEIGHT, WIDTH, writeMovingCamera } from '../support/camera.mjs';
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

test('a moving camera clip: every frame is a JPEG of the camera, its points where the truth says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'face-keypoints-'));
  try {
    const file = join(folder, 'camera.mjpeg');
    const raw = { width: sprite.width, height: sprite.height, channels: 1 } as const;
    const picture = await sharp(sprite.data, { raw }).png().toBuffer();
    const path = (t: number): Place => ({ x: 200 + 600 * t, y: 240, angle: t, scale: 1 });
    const truth = await writeMovingCamera(file, picture, path, 5, { width: 120 });
    assert.equal(truth.length, 5);
    const clip = await readFile(file);
    const starts = [...clip.keys()].filter(
      (i) => clip[i] === 0xff && clip[i + 1] === 0xd8 && clip[i + 2] === 0xff,
    );
    assert.equal(starts.length, 5);
    for (const [i, start] of starts.entries()) {
      const image = sharp(clip.subarray(start, starts[i + 1]));
      const { width, height, channels } = await image.metadata();
      assert.deepEqual([width, height, channels], [WIDTH, HEIGHT, 3]);
      const { data } = await image.greyscale().raw().toBuffer({ resolveWithObject: true });
      // The dot alone: brighter than the grey around the picture.
      near(
        bright(
          data.map((value) => Math.max(0, value - 140)),
          WIDTH,
        ),
        truth[i](DOT),
        0.3,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
