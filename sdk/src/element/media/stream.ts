import { FaceKeypointsError } from '../../errors.ts';
import type { Media } from './media.ts';
import { createVideo, playing, type Blocked } from './video.ts';

const streamEnded = (): FaceKeypointsError =>
  new FaceKeypointsError(
    'input-invalid',
    'The stream has ended or has no picture. Set `source` to a stream with a live video track.',
  );

const isLive = (stream: MediaStream): boolean =>
  stream.getVideoTracks().some(({ readyState }) => readyState === 'live');

/** Somebody else's stream: watched for its end, never ended by us. @throws FaceKeypointsError `input-invalid` */
export async function openStream(stream: MediaStream, signal: AbortSignal, blocked: Blocked): Promise<Media> {
  if (!isLive(stream)) throw streamEnded();
  const video = createVideo();
  video.srcObject = stream;
  const media = await playing(video, signal, blocked, () => (video.srcObject = null));
  return Object.assign(media, {
    watch(ended: Parameters<NonNullable<Media['watch']>>[0], until: AbortSignal): void {
      const check = (): void => {
        if (!isLive(stream)) ended(streamEnded());
      };
      // A track says nothing when its owner stops it. Then the video ends (HTML, media elements; Firefox), or the stream
      // tells that it is no longer active (Chromium, Safari).
      video.addEventListener('ended', check, { signal: until });
      for (const type of ['inactive', 'removetrack']) stream.addEventListener(type, check, { signal: until });
      for (const track of stream.getVideoTracks()) track.addEventListener('ended', check, { signal: until });
      check();
    },
  });
}
