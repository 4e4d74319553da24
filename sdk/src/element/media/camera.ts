import { Camera, type CameraOptions } from '../../input/camera.ts';
import { whyCameraEnded } from '../../input/camera-end.ts';
import type { Media } from './media.ts';
import { createVideo, playing, type Blocked } from './video.ts';

/** @throws FaceKeypointsError as `Camera.start` */
export async function openCamera(
  options: CameraOptions,
  signal: AbortSignal,
  blocked: Blocked,
): Promise<Media> {
  signal.throwIfAborted();
  const camera = new Camera();
  // At once, not when a pending step comes round to it: the light must go out.
  signal.addEventListener('abort', () => camera.stop(), { once: true });
  const stream = await camera.start(options);
  signal.throwIfAborted();
  const video = createVideo();
  video.srcObject = stream ?? null;
  const media = await playing(video, signal, blocked, () => {
    camera.stop();
    video.srcObject = null;
  });
  const track = stream?.getVideoTracks()[0];
  return Object.assign(media, {
    watch(ended: Parameters<NonNullable<Media['watch']>>[0], until: AbortSignal): void {
      // Stopping it ourselves says nothing; what comes here is a plug pulled or a permission withdrawn.
      const tell = (): void => void whyCameraEnded(track).then((error) => until.aborted || ended(error));
      track?.addEventListener('ended', tell, { once: true, signal: until });
      if (track?.readyState === 'ended') tell();
    },
  });
}
