import { FaceKeypointsError } from '../../errors.ts';
import { allowReading } from './cors.ts';
import type { Media } from './media.ts';

/** A video that may play without a gesture and within the page. */
export function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  // iOS opens a full-screen player otherwise.
  video.playsInline = true;
  return video;
}

/** Told of a video of ours that the browser lets play by a person's hand only. */
export type Blocked = (video: HTMLVideoElement) => void;

/**
 * Plays it, muted and inline, as mostly needs no gesture; iOS in Low Power Mode and some policies want one all the same
 * (HTML, "allowed to play").
 */
export function play(video: HTMLVideoElement, blocked: Blocked): void {
  video.play().catch((error: DOMException) => {
    // Else it was paused or ended meanwhile, or fails, which its `error` event tells.
    if (error.name === 'NotAllowedError') blocked(video);
  });
}

/** A video by address, played over and over. @throws FaceKeypointsError `input-invalid` */
export async function openVideo(
  url: string,
  signal: AbortSignal,
  blocked: Blocked,
  free?: () => void,
): Promise<Media> {
  const video = createVideo();
  video.loop = true;
  allowReading(video, url);
  video.src = url;
  const media = await playing(video, signal, blocked, () => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    free?.();
  });
  return Object.assign(media, {
    watch(ended: Parameters<NonNullable<Media['watch']>>[0], until: AbortSignal): void {
      video.addEventListener('error', () => ended(unplayable(video)), { signal: until });
    },
  });
}

/** Media of a video of ours, once it has a picture; a blocked one may have its first or none before it plays. */
export async function playing(
  video: HTMLVideoElement,
  signal: AbortSignal,
  blocked: Blocked,
  release: () => void,
): Promise<Media> {
  try {
    // A stream's picture may come after its sound; what a file lacks at its first frame it has not, or not for this browser.
    const ready = hasPicture(video, signal, { orFail: video.srcObject === null });
    play(video, blocked);
    await ready;
  } catch (error) {
    release();
    throw error;
  }
  return new VideoMedia(video, release);
}

/** Its size is read anew each time. */
class VideoMedia implements Media {
  readonly video: HTMLVideoElement;
  readonly owned = true;
  readonly release: () => void;

  constructor(video: HTMLVideoElement, release: () => void) {
    this.video = video;
    this.release = release;
  }

  get view(): HTMLVideoElement {
    return this.video;
  }
  get source(): HTMLVideoElement {
    return this.video;
  }
  get width(): number {
    return this.video.videoWidth;
  }
  get height(): number {
    return this.video.videoHeight;
  }
  refresh(): void {
    // It shows itself.
  }
}

/**
 * Resolves when the video can be drawn.
 * @param options `orFail`: one that plays without a picture is not waited for; browsers tell of it by no event of its own
 * @throws FaceKeypointsError `input-invalid`, or the signal's reason
 */
export function hasPicture(
  video: HTMLVideoElement,
  signal: AbortSignal,
  { orFail = false } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const settle = (finish: () => void): void => {
      settled.abort();
      finish();
    };
    const check = (): void => {
      const hasFrame = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      if (video.error || (hasFrame && orFail && video.videoWidth === 0))
        settle(() => reject(unplayable(video)));
      else if (hasFrame && video.videoWidth > 0) settle(resolve);
    };
    for (const type of ['loadeddata', 'canplay', 'resize', 'error'])
      video.addEventListener(type, check, { signal: settled.signal });
    signal.addEventListener('abort', () => settle(() => reject(signal.reason as Error)), {
      signal: settled.signal,
    });
    if (signal.aborted) settle(() => reject(signal.reason as Error));
    else check();
  });
}

function unplayable(video: HTMLVideoElement): FaceKeypointsError {
  return new FaceKeypointsError(
    'input-invalid',
    'This video cannot be played here. Use MP4 (H.264) or WebM, and check its address.',
    { cause: video.error },
  );
}
