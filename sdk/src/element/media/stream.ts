import { FaceKeypointsError } from '../../errors.ts';
import type { Media } from './media.ts';
import { createVideo, playing } from './video.ts';

const streamEnded = (): FaceKeypointsError =>
  new FaceKeypointsError(
    'input-invalid',
    'The stream has ended or has no picture. Set `source` to a stream with a live video track.',
  );

const isLive = (stream: MediaStream): boolean =>
  stream.getVideoTracks().some(({ readyState }) => readyState === 'live');

/** Somebody else's stream: watched for its end, never ended by us. @throws FaceKeypointsError `input-invalid` */
export async function openStream(stream: MediaStream, signal: AbortSignal): Promise<Media> {
  if (!isLive(stream)) throw streamEnded();
  const video = createVideo();
  video.srcObject = stream;
  const media = await playing(video, signal, () => (video.srcObject = null));
  return Object.assign(media, {
    watch(ended: Parameters<NonNullable<Media['watch']>>[0], until: AbortSignal): void {
      const check = (): void => {
        if (!isLive(stream)) ended(streamEnded());
      };
      // A track says nothing when its owner stops it, but the video that shows it then ends (HTML, media elements).
      video.addEventListener('ended', check, { signal: until });
      stream.addEventListener('removetrack', check, { signal: until });
      for (const track of stream.getVideoTracks()) track.addEventListener('ended', check, { signal: until });
      check();
    },
  });
}
