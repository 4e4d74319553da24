import type Sharp from 'sharp';
import type { Pixels } from '../crop/sample.ts';
import { FaceKeypointsError } from '../errors.ts';

/** A picture's path, or the bytes of its file, to RGBA pixels. */
export type PictureReader = (file: string | Uint8Array) => Promise<Pixels>;

/**
 * What reads picture files in Node, where no browser decodes them: JPEG, PNG, WebP, TIFF, GIF (its first frame) and AVIF,
 * turned upright by their EXIF orientation, in sRGB. It is made of `sharp`, which is installed apart.
 * @throws FaceKeypointsError `input-invalid` where `sharp` is missing or does not start; the reader throws
 *   `input-invalid` for a file that is missing, broken or no picture
 */
export async function pictureReader(
  load: () => Promise<unknown> = () => import('sharp'),
): Promise<PictureReader> {
  let sharp: typeof Sharp;
  try {
    sharp = ((await load()) as { default: typeof Sharp }).default;
  } catch (cause) {
    throw new FaceKeypointsError(
      'input-invalid',
      'Reading picture files in Node needs the package sharp. Type: npm install sharp',
      { cause },
    );
  }
  return async (file) => {
    try {
      // Whatever the file's depth and colours are: 8-bit RGBA, rows from the top.
      const { data, info } = await sharp(file)
        .autoOrient()
        .toColourspace('srgb')
        .ensureAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height, channels: 4 };
    } catch (cause) {
      throw new FaceKeypointsError('input-invalid', `The picture cannot be read: ${reasonOf(cause)}.`, {
        cause,
      });
    }
  };
}

/** Reads one picture; see `pictureReader`, which is made once for many. */
export async function readPicture(file: string | Uint8Array): Promise<Pixels> {
  return (await pictureReader())(file);
}

/** libvips says a line a stage; the first is the one that means something. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.trim().split('\n')[0].replace(/\.$/, '');
}
