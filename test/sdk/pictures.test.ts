import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { FaceKeypointsError } from '../../sdk/src/index.ts';
import { pictureReader, readPicture } from '../../sdk/src/node/index.ts';
import { example, temporaryFolder } from './cli-support.ts';

/** Left red, right blue; `orientation` as in EXIF. */
const flag = (orientation: number) =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } })
    .composite([
      { input: { create: { width: 20, height: 20, channels: 3, background: '#0000ff' } }, left: 20, top: 0 },
    ])
    .withMetadata({ orientation })
    .png()
    .toBuffer();

test('pictures come as upright RGBA, from a path or from bytes', async (t) => {
  const upright = await readPicture(await flag(1));
  assert.deepEqual([upright.width, upright.height, upright.channels], [40, 20, 4]);
  assert.deepEqual([...upright.data.subarray(0, 4)], [255, 0, 0, 255]);
  assert.deepEqual([...upright.data.subarray(39 * 4, 40 * 4)], [0, 0, 255, 255]);
  // 6: the camera was turned, so the left becomes the top.
  const path = join(temporaryFolder(t), 'turned.png');
  await sharp(await flag(6))
    .keepMetadata()
    .toFile(path);
  const turned = await readPicture(path);
  assert.deepEqual([turned.width, turned.height], [20, 40]);
  assert.deepEqual([...turned.data.subarray(0, 4)], [255, 0, 0, 255]);
  assert.deepEqual([...turned.data.subarray(-4)], [0, 0, 255, 255]);
});

test('grey, 16-bit and transparent pictures become RGBA too', async () => {
  const grey = sharp({ create: { width: 3, height: 2, channels: 3, background: '#808080' } });
  for (const picture of [
    grey.clone().toColourspace('b-w').png(),
    grey.clone().toColourspace('grey16').png(),
  ]) {
    const { data, channels } = await readPicture(await picture.toBuffer());
    assert.equal(channels, 4);
    assert.deepEqual([...data], Array.from({ length: 6 }, () => [128, 128, 128, 255]).flat());
  }
  const clear = sharp({
    create: { width: 1, height: 1, channels: 4, background: { r: 9, g: 8, b: 7, alpha: 0 } },
  });
  assert.deepEqual([...(await readPicture(await clear.png().toBuffer())).data], [9, 8, 7, 0]);
});

test('what is no picture is refused with the reason', async () => {
  const whole = await sharp(example).jpeg().toBuffer();
  for (const [file, reason] of [
    [Buffer.from('hello'), /unsupported image format/],
    [whole.subarray(0, whole.length / 2), /cannot be read/],
    ['/no/such.jpg', /missing: \/no\/such\.jpg/],
  ] as const) {
    await assert.rejects(readPicture(file), (error) => {
      assert.ok(error instanceof FaceKeypointsError && error.code === 'input-invalid');
      assert.match(error.message, reason);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  }
});

test('without sharp it says what to type', async () => {
  await assert.rejects(
    pictureReader(() => Promise.reject(new Error('Cannot find package'))),
    (error) => error instanceof FaceKeypointsError && /npm install sharp/.test(error.message),
  );
});
