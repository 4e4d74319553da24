/** From what a person gives (camera, address, object) to media that can be looked at. */
import type { Pixels } from '../../crop/sample.ts';
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

/** A picture or video by address; the ending tells which, or else trying does. */
async function openUrl(url: string, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  const path = url.split(/[?#]/)[0].toLowerCase();
  const isVideo = /\.(mp4|m4v|webm|ogv|mov)$/.test(path) || url.startsWith('data:video/');
  const isImage = /\.(jpe?g|png|webp|gif|avif|bmp|svg)$/.test(path) || url.startsWith('data:image/');
  if (isVideo) return openVideo(url, signal, blocked);
  try {
    return await openImage(url, signal);
  } catch (error) {
    if (isImage || signal.aborted) throw error;
    return openVideo(url, signal, blocked);
  }
}

/** By what it can do, not by its class: it may come from a frame with classes of its own. */
async function openSource(source: ElementSource, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  if (typeof source !== 'object' || source === null) throw unknownInput();
  if (source instanceof Blob) {
    const url = URL.createObjectURL(source);
    const free = (): void => URL.revokeObjectURL(url);
    return source.type.startsWith('video/')
      ? openVideo(url, signal, blocked, free)
      : openImage(url, signal, free);
  }
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
