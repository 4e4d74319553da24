import { FaceKeypointsError } from '../errors.ts';
import { Camera } from '../input/camera.ts';
import type { Pixels } from '../crop/sample.ts';
import { unknownInput, type FrameSource } from '../input/frame.ts';

/** What a person may hand to the element. */
export type ElementSource = FrameSource | MediaStream;

/** An input, ready to be looked at. */
export interface Media {
  /** Shown in the element. */
  readonly view: HTMLVideoElement | HTMLImageElement | HTMLCanvasElement;
  /** Given to the tracker. */
  readonly source: FrameSource;
  /** The video whose frames set the pace; undefined for stills. */
  readonly video: HTMLVideoElement | undefined;
  /** Of our own camera. */
  readonly track?: MediaStreamTrack | undefined;
  /** Whether `video` is ours to play and pause. */
  readonly owned: boolean;
  readonly width: number;
  readonly height: number;
  /** Brings `view` up to date, where it is a copy. */
  refresh(): void;
  /** Ends tracks, frees URLs; may be called twice. */
  release(): void;
}

export async function openCamera(facingMode: 'user' | 'environment', signal: AbortSignal): Promise<Media> {
  const camera = new Camera();
  // At once, not when a pending step comes round to it: the light must go out.
  signal.addEventListener('abort', () => camera.stop(), { once: true });
  const stream = await camera.start({ facingMode });
  signal.throwIfAborted();
  const video = createVideo();
  video.srcObject = stream ?? null;
  const release = (): void => {
    camera.stop();
    video.srcObject = null;
  };
  const media = await playing(video, release, signal);
  // Not a copy: its size is read anew each time.
  return Object.assign(media, { track: stream?.getVideoTracks()[0] });
}

/** A picture or video by address; the ending tells which, or else trying does. */
export async function openUrl(url: string, signal: AbortSignal): Promise<Media> {
  const path = url.split(/[?#]/)[0].toLowerCase();
  const isVideo = /\.(mp4|m4v|webm|ogv|mov)$/.test(path) || url.startsWith('data:video/');
  const isImage = /\.(jpe?g|png|webp|gif|avif|bmp|svg)$/.test(path) || url.startsWith('data:image/');
  if (isVideo) return openVideo(url, () => undefined, signal);
  try {
    return await openImage(url, () => undefined, signal);
  } catch (error) {
    if (isImage || signal.aborted) throw error;
    return openVideo(url, () => undefined, signal);
  }
}

export async function openSource(source: ElementSource, signal: AbortSignal): Promise<Media> {
  if (source instanceof Blob) {
    const url = URL.createObjectURL(source);
    const release = (): void => URL.revokeObjectURL(url);
    return source.type.startsWith('video/')
      ? openVideo(url, release, signal)
      : openImage(url, release, signal);
  }
  if (typeof MediaStream !== 'undefined' && source instanceof MediaStream) {
    const video = createVideo();
    video.srcObject = source;
    return playing(video, () => (video.srcObject = null), signal);
  }
  if (source instanceof HTMLVideoElement) {
    await loaded(source, signal);
    return copied(source, source.videoWidth, source.videoHeight, source);
  }
  if (source instanceof HTMLImageElement) {
    await decode(source);
    signal.throwIfAborted();
    return copied(source, source.naturalWidth, source.naturalHeight);
  }
  if (typeof source !== 'object' || source === null) throw unknownInput();
  const pixels = source as ImageData | Pixels;
  if ('data' in pixels) return copied(pixels, pixels.width, pixels.height);
  if (!('displayWidth' in source || 'width' in source)) throw unknownInput();
  const { width, height } =
    'displayWidth' in source
      ? { width: source.displayWidth, height: source.displayHeight }
      : (source as ImageBitmap);
  return copied(source as ImageBitmap, width, height);
}

async function openImage(url: string, release: () => void, signal: AbortSignal): Promise<Media> {
  const image = new Image();
  image.alt = '';
  image.decoding = 'async';
  // Without it a picture of another site could be shown but not read.
  if (/^(https?:)?\/\//.test(url)) image.crossOrigin = 'anonymous';
  image.src = url;
  try {
    await decode(image);
    signal.throwIfAborted();
  } catch (error) {
    release();
    throw error;
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
    release,
  };
}

function openVideo(url: string, free: () => void, signal: AbortSignal): Promise<Media> {
  const video = createVideo();
  video.loop = true;
  if (/^(https?:)?\/\//.test(url)) video.crossOrigin = 'anonymous';
  video.src = url;
  const release = (): void => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    free();
  };
  return playing(video, release, signal);
}

async function playing(video: HTMLVideoElement, release: () => void, signal: AbortSignal): Promise<Media> {
  try {
    const ready = loaded(video, signal);
    // Muted inline video may play without a gesture; where it may not, its first frame still shows.
    video.play().catch(() => undefined);
    await ready;
  } catch (error) {
    release();
    throw error;
  }
  return {
    view: video,
    source: video,
    video,
    owned: true,
    // A phone's camera swaps them when it is turned.
    get width() {
      return video.videoWidth;
    },
    get height() {
      return video.videoHeight;
    },
    refresh: () => undefined,
    release,
  };
}

/** Inputs that live elsewhere are shown as a copy: moving them out of their page would be rude. */
function copied(source: FrameSource, width: number, height: number, video?: HTMLVideoElement): Media {
  if (!(width > 0 && height > 0)) {
    throw new FaceKeypointsError(
      'input-invalid',
      'The input has no size yet. Wait until it has loaded, then pass it.',
    );
  }
  const view = document.createElement('canvas');
  const refresh = (): void => {
    const w = video?.videoWidth ?? width;
    const h = video?.videoHeight ?? height;
    if (view.width !== w) view.width = w;
    if (view.height !== h) view.height = h;
    const context = view.getContext('2d');
    if ('data' in source) context?.putImageData(toImageData(source as ImageData | Pixels), 0, 0);
    else context?.drawImage(source as CanvasImageSource, 0, 0, w, h);
  };
  try {
    refresh();
  } catch (cause) {
    throw new FaceKeypointsError(
      'input-invalid',
      'The input cannot be drawn. Check that it is not broken or closed.',
      { cause },
    );
  }
  // A still is kept as it was, even if its owner closes or changes it.
  return {
    view,
    source: video ?? view,
    video,
    owned: false,
    width,
    height,
    refresh: video ? refresh : () => undefined,
    release: () => undefined,
  };
}

function toImageData(source: ImageData | Pixels): ImageData {
  if (source instanceof ImageData) return source;
  const { data, width, height, channels } = source;
  const out = new ImageData(width, height);
  if (channels === 4) out.data.set(data);
  else for (let i = 0; i < data.length; i++) out.data.set([data[i], data[i], data[i], 255], 4 * i);
  return out;
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  // iOS opens a full-screen player otherwise.
  video.playsInline = true;
  return video;
}

function loaded(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (video.error) {
        reject(
          new FaceKeypointsError(
            'input-invalid',
            'This video cannot be played here. Use MP4 (H.264) or WebM, and check its address.',
            {
              cause: video.error,
            },
          ),
        );
      } else if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) resolve();
    };
    for (const type of ['loadeddata', 'canplay', 'resize', 'error'])
      video.addEventListener(type, check, { signal });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    signal.throwIfAborted();
    check();
  });
}

async function decode(image: HTMLImageElement): Promise<void> {
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
