/** From what a person gives (camera, address, object) to media that can be looked at. */
import type { Pixels } from '../../crop/sample.ts';
import { FaceKeypointsError } from '../../errors.ts';
import type { CameraOptions } from '../../input/camera.ts';
import { unknownInput } from '../../input/frame.ts';
import { openCamera } from './camera.ts';
import { copyStill, copyVideo } from './copy.ts';
import type { ElementSource, Media } from './media.ts';
import { decode, openImage } from './still.ts';
import { openStream } from './stream.ts';
import { hasPicture, openVideo, type Blocked } from './video.ts';

export type Input =
  | { readonly kind: 'source'; readonly source: ElementSource }
  | { readonly kind: 'camera'; readonly camera: CameraOptions }
  | { readonly kind: 'src'; readonly url: string };

/**
 * @param blocked is told where it waits for a person to play the video
 * @throws FaceKeypointsError with a `camera-…` code, `insecure-context` or `input-invalid`; or the signal's reason
 */
export async function openInput(input: Input, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  switch (input.kind) {
    case 'source':
      return openSource(input.source, signal, blocked);
    case 'camera':
      return openCamera(input.camera, signal, blocked);
    case 'src':
      return openUrl(input.url, signal, blocked);
  }
}

type Kind = 'image' | 'video' | undefined;

function openUrl(url: string, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  const path = url.split(/[?#]/)[0].toLowerCase();
  if (/\.(mp4|m4v|webm|ogv|mov)$/.test(path)) return openAs('video', url, signal, blocked);
  if (/\.(jpe?g|png|webp|gif|avif|bmp|svg)$/.test(path)) return openAs('image', url, signal, blocked);
  return openAs(url.startsWith('data:') ? kindOf(url.slice(5)) : undefined, url, signal, blocked);
}

/** Files from some disks, and downloads, have no type or a general one. */
async function openBlob(blob: Blob, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  const url = URL.createObjectURL(blob);
  const free = (): void => URL.revokeObjectURL(url);
  try {
    return await openAs(kindOf(blob.type), url, signal, blocked, free);
  } catch (error) {
    free();
    throw error;
  }
}

const kindOf = (type: string): Kind =>
  (['image', 'video'] as const).find((kind) => type.startsWith(`${kind}/`));

/** Of an unknown kind, trying tells which it is. */
async function openAs(
  kind: Kind,
  url: string,
  signal: AbortSignal,
  blocked: Blocked,
  free?: () => void,
): Promise<Media> {
  if (kind === 'video') return openVideo(url, signal, blocked, free);
  try {
    return await openImage(url, signal, free);
  } catch (error) {
    if (kind === 'image' || signal.aborted) throw error;
  }
  try {
    return await openVideo(url, signal, blocked, free);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new FaceKeypointsError(
      'input-invalid',
      'This is no picture or video that can be shown here. Use JPEG, PNG, WebP, MP4 (H.264) or WebM, and check its address; another site must allow reading it (CORS).',
      { cause },
    );
  }
}

/** By what it can do, not by its class: it may come from a frame with classes of its own. */
async function openSource(source: ElementSource, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  if (typeof source !== 'object' || source === null) throw unknownInput();
  if (source instanceof Blob) return openBlob(source, signal, blocked);
  if ('getVideoTracks' in source) return openStream(source, signal, blocked);
  if ('videoWidth' in source) {
    await hasPicture(source, signal);
    return copyVideo(source);
  }
  if ('naturalWidth' in source) {
    await decode(source);
    signal.throwIfAborted();
    return copyStill(source, source.naturalWidth, source.naturalHeight);
  }
  if ('displayWidth' in source) return copyStill(source, source.displayWidth, source.displayHeight);
  const sized = source as ImageBitmap | HTMLCanvasElement | OffscreenCanvas | ImageData | Pixels;
  if ('width' in sized && 'height' in sized) return copyStill(sized, sized.width, sized.height);
  throw unknownInput();
}
