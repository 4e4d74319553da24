/** A recorded camera for Chromium: `--use-file-for-fake-video-capture`. */
import { open, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { stamp } from './frame-stamp.mjs';
import { renderFrame, seeded } from './moving-picture.mjs';

export const WIDTH = 640;
export const HEIGHT = 480;

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
 * Writes a scene that moves, 640x480, grey, every frame with its number (`frame-stamp.mjs`); Chromium plays it over and over.
 * As Y4M and not as MJPEG: that is always played at 30 frames a second, this at the rate that it names.
 * @param path the file to write, .y4m
 * @param layersOf a frame's number to its layers, as for `renderFrame`
 * @param frames how many
 * @param options `rate`: frames a second; `noise`: the camera's, deviation in grey levels, seeded
 */
export async function writeMovingCamera(path, layersOf, frames, { rate, noise = 0, seed = 1 }) {
  const random = seeded(seed);
  const file = await open(path, 'w');
  try {
    await file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${rate}:1 Ip A1:1 C420\n`);
    const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
    for (let i = 0; i < frames; i++) {
      const frame = renderFrame(layersOf(i), { width: WIDTH, height: HEIGHT, noise, random });
      stamp(frame, i);
      // Video's luma goes from 16 to 235 (ITU-R BT.601).
      const luma = frame.data.map((value) => Math.round(16 + (value * 219) / 255));
      await file.write('FRAME\n');
      await file.write(luma);
      await file.write(grey);
    }
  } finally {
    await file.close();
  }
}
