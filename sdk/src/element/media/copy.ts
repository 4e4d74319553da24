import type { Pixels } from '../../crop/sample.ts';
import { FaceKeypointsError } from '../../errors.ts';
import { noSizeYet, type FrameSource } from '../../input/frame.ts';
import type { Media } from './media.ts';

/**
 * Inputs that live elsewhere are shown as a copy: moving them out of their page would be rude. A still is kept as it
 * was, even if its owner closes or changes it.
 * @throws FaceKeypointsError `input-invalid`
 */
export function copyStill(source: FrameSource, width: number, height: number): Media {
  const view = document.createElement('canvas');
  draw(view, source, width, height);
  return {
    view,
    source: view,
    video: undefined,
    owned: false,
    width,
    height,
    refresh: () => undefined,
    release: () => undefined,
  };
}

/** Somebody else's video, whose frames are copied as they are looked at. @throws FaceKeypointsError `input-invalid` */
export function copyVideo(video: HTMLVideoElement): Media {
  const view = document.createElement('canvas');
  const refresh = (): void => draw(view, video, video.videoWidth, video.videoHeight);
  refresh();
  return {
    view,
    source: video,
    video,
    owned: false,
    get width() {
      return video.videoWidth;
    },
    get height() {
      return video.videoHeight;
    },
    refresh,
    release: () => undefined,
  };
}

function draw(view: HTMLCanvasElement, source: FrameSource, width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw noSizeYet();
  if (view.width !== width) view.width = width;
  if (view.height !== height) view.height = height;
  const context = view.getContext('2d');
  try {
    if ('data' in source) context?.putImageData(toImageData(source as ImageData | Pixels), 0, 0);
    else context?.drawImage(source as CanvasImageSource, 0, 0, width, height);
  } catch (cause) {
    throw new FaceKeypointsError(
      'input-invalid',
      'The input cannot be drawn. Check that it is not broken or closed.',
      { cause },
    );
  }
}

function toImageData(source: ImageData | Pixels): ImageData {
  if (source instanceof ImageData) return source;
  const { data, width, height, channels } = source;
  const out = new ImageData(width, height);
  if (channels === 4) out.data.set(data);
  else for (let i = 0; i < data.length; i++) out.data.set([data[i], data[i], data[i], 255], 4 * i);
  return out;
}
