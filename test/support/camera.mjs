/** A recorded camera for Chromium: `--use-file-for-fake-video-capture`. */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

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
