/** A recorded camera for Chromium: `--use-file-for-fake-video-capture`. */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { readSprite, renderFrame, seeded, toFrame } from './moving-picture.mjs';

export const WIDTH = 640;
export const HEIGHT = 480;
/** Frames a second, as Chromium plays MJPEG. */
export const FRAME_RATE = 30;

/**
 * Writes a still face as 30 MJPEG frames, all of one size (Chromium drops the others).
 * @returns where a point of the picture (continuous pixel coordinates) lies in the camera's frame
 */
export async function writeCamera(path, picture) {
  const { width, height } = await sharp(picture).metadata();
  const scale = Math.min(WIDTH / width, HEIGHT / height);
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  const left = Math.floor((WIDTH - w) / 2);
  const top = Math.floor((HEIGHT - h) / 2);
  const frame = await sharp(picture)
    .resize(w, h, { fit: 'fill' })
    .extend({ left, top, right: WIDTH - w - left, bottom: HEIGHT - h - top, background: '#777' })
    .toColourspace('srgb')
    .jpeg({ quality: 95, chromaSubsampling: '4:2:0' })
    .toBuffer();
  await writeFile(path, Buffer.concat(Array.from({ length: 30 }, () => frame)));
  return ([x, y]) => [(x * w) / width + left, (y * h) / height + top];
}

/**
 * Writes a still that moves: `frames` MJPEG frames of 640x480, grey, which Chromium plays over and over at 30 a second.
 * Let the path end where it began, unless the jump is wanted.
 * @param path the file to write
 * @param picture what sharp takes, scaled to `options.width` px in the camera's frame
 * @param pathFn seconds to `{ x, y, angle, scale }`: where the picture's middle lies, px; radians clockwise
 * @param options `noise`: deviation in grey levels, seeded
 * @returns for each frame, where a point of the picture (continuous pixel coordinates) lies in it
 */
export async function writeMovingCamera(
  path,
  picture,
  pathFn,
  frames,
  { width = 320, noise = 0, seed = 1 } = {},
) {
  const original = await sharp(picture).metadata();
  const sprite = await readSprite(picture, { width });
  const scaled = ([x, y]) => [(x * sprite.width) / original.width, (y * sprite.height) / original.height];
  const random = seeded(seed);
  const jpegs = [];
  const truth = [];
  for (let i = 0; i < frames; i++) {
    const place = pathFn(i / FRAME_RATE);
    const { data } = renderFrame([{ sprite, place }], { width: WIDTH, height: HEIGHT, noise, random });
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 };
    // Noise makes frames large; three channels, as Chromium takes no grey JPEG.
    const image = sharp(data, { raw }).toColourspace('srgb');
    jpegs.push(await image.jpeg({ quality: 92, chromaSubsampling: '4:2:0' }).toBuffer());
    truth.push((point) => toFrame(scaled(point), sprite, place));
  }
  await writeFile(path, Buffer.concat(jpegs));
  return truth;
}
