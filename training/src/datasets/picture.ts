import sharp from 'sharp';
import { luma } from '../../../sdk/src/crop/sample.ts';
import type { Sample } from './sample.ts';

/** Upright by its EXIF orientation, as browsers show it; grey is the luma of the SDK's own crop. */
export async function decodePicture(file: string, colour: boolean): Promise<Sample['image']> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (info.channels !== 4) throw new Error('did not decode to colours');
  if (colour) return { data: new Uint8Array(data), width, height, channels: 4 };
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.round(luma(data[4 * i], data[4 * i + 1], data[4 * i + 2]));
  return { data: grey, width, height, channels: 1 };
}
