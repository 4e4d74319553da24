import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { luma } from '../../../sdk/src/crop/sample.ts';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { folderOf, HEIGHT, somePoints, WIDTH } from '../readers/support.ts';

/** Colours that ink has as well. */
const BACKGROUND = { r: 90, g: 110, b: 140 };
const PATCH = { r: 200, g: 130, b: 110 };

/** A coloured picture with a patch of 20 px in its upper left corner. */
function picture(): Sharp {
  const patch = { create: { width: 20, height: 20, channels: 3, background: PATCH } } as const;
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: BACKGROUND } }).composite([
    { input: patch, left: 0, top: 0 },
  ]);
}

/** A face's picture as the readers decode it, grey and in colour. */
async function decoded(file: string, written: Sharp) {
  const face = { file, set: 's', split: 'train', points: somePoints(68).map(([x, y]) => [x * 0.7, y]) };
  const root = await folderOf({ 'annotations.jsonl': JSON.stringify(face) });
  await written.toFile(join(root, file));
  const [grey, colour] = await Promise.all(
    [false, true].map(async (colour) => (await readAnnotations(root, { colour })).samples[0].image),
  );
  return { grey, colour, metadata: await sharp(join(root, file)).metadata() };
}

type Decoded = Awaited<ReturnType<typeof decoded>>;

function assertPixel(
  { grey, colour }: Decoded,
  x: number,
  y: number,
  { r, g, b }: typeof PATCH,
  within: number,
) {
  const i = y * grey.width + x;
  const expected = [r, g, b, 255];
  assert.deepEqual([grey.channels, colour.channels], [1, 4]);
  expected.forEach((value, channel) => {
    const actual = colour.data[4 * i + channel];
    assert.ok(
      Math.abs(actual - value) <= within,
      `channel ${channel} at ${x}, ${y}: ${actual}, not ${value}`,
    );
  });
  const light = luma(r, g, b);
  assert.ok(
    Math.abs(grey.data[i] - light) <= within + 0.5,
    `grey at ${x}, ${y}: ${grey.data[i]}, not ${light}`,
  );
}

function assertSize({ grey, colour }: Decoded, width: number, height: number): void {
  for (const image of [grey, colour]) {
    assert.deepEqual([image.width, image.height], [width, height]);
    assert.equal(image.data.length, width * height * image.channels);
  }
}

test('a picture that a camera was turned for is upright', async () => {
  const read = await decoded(
    'a.jpg',
    picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: 6 }),
  );
  assert.equal(read.metadata.orientation, 6);
  assert.equal(read.metadata.width, WIDTH);
  assertSize(read, HEIGHT, WIDTH);
  // Turned clockwise, the upper left corner is the upper right one.
  assertPixel(read, HEIGHT - 5, 4, PATCH, 4);
  assertPixel(read, 4, 4, BACKGROUND, 4);
  assertPixel(read, 4, WIDTH - 5, BACKGROUND, 4);
});

test('16 bits a channel become 8', async () => {
  const read = await decoded('a.png', picture().toColourspace('rgb16').png());
  assert.equal(read.metadata.depth, 'ushort');
  assertSize(read, WIDTH, HEIGHT);
  assertPixel(read, 4, 4, PATCH, 1);
  assertPixel(read, 60, 40, BACKGROUND, 1);
});

test('a printer’s CMYK becomes red, green and blue', async () => {
  const read = await decoded(
    'a.jpg',
    picture().toColourspace('cmyk').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
  );
  assert.equal(read.metadata.space, 'cmyk');
  assertSize(read, WIDTH, HEIGHT);
  assertPixel(read, 4, 4, PATCH, 12);
  assertPixel(read, 60, 40, BACKGROUND, 12);
});

test('a picture of one channel has colours where those are asked for', async () => {
  const read = await decoded('a.jpg', picture().greyscale().toColourspace('b-w').jpeg({ quality: 100 }));
  assert.equal(read.metadata.channels, 1);
  assertSize(read, WIDTH, HEIGHT);
  const [r, g, b] = read.colour.data.subarray(0, 3);
  assert.ok(r === g && g === b);
  assert.equal(read.grey.data[0], r);
});
