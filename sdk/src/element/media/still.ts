import { FaceKeypointsError } from '../../errors.ts';
import { allowReading } from './cors.ts';
import type { Media } from './media.ts';

/** A picture by address. @param free once it is no longer shown @throws FaceKeypointsError `input-invalid` */
export async function openImage(url: string, signal: AbortSignal, free?: () => void): Promise<Media> {
  const image = new Image();
  image.alt = '';
  image.decoding = 'async';
  allowReading(image, url);
  image.src = url;
  // Nobody waits for it any more: it need not come.
  const stop = (): void => image.removeAttribute('src');
  signal.addEventListener('abort', stop);
  try {
    await decode(image);
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  return {
    view: image,
    source: image,
    video: undefined,
    owned: false,
    width,
    height,
    refresh: () => undefined,
    release: () => free?.(),
  };
}

export async function decode(image: HTMLImageElement): Promise<void> {
  try {
    await image.decode();
  } catch (cause) {
    throw new FaceKeypointsError(
      'input-invalid',
      'This picture cannot be loaded. Check its address and that it is JPEG, PNG or WebP; another site must allow reading it (CORS).',
      { cause },
    );
  }
}
