import { FaceKeypointsError } from '../errors.ts';

/**
 * Why a camera's track ended without our doing: `camera-denied` when the permission was withdrawn, `camera-missing` when
 * it was unplugged. Browsers do not say (Media Capture and Streams, W3C, has no reason for the end of a track), so it is
 * told from the permission, and where that is not known from whether the camera is still there.
 */
export async function whyCameraEnded(track: MediaStreamTrack | undefined): Promise<FaceKeypointsError> {
  const state = await permission();
  const denied = state === 'denied' || (state !== 'granted' && (await isPresent(track)));
  return denied
    ? new FaceKeypointsError(
        'camera-denied',
        'The camera is no longer allowed. Allow it for this page in the browser’s address bar, then start again.',
      )
    : new FaceKeypointsError(
        'camera-missing',
        'The camera was unplugged or switched off. Connect it, then start again.',
      );
}

/** undefined where the browser does not tell. */
async function permission(): Promise<PermissionState | undefined> {
  try {
    // The name is in the Permissions Registry, but not in every browser.
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state;
  } catch {
    return undefined;
  }
}

async function isPresent(track: MediaStreamTrack | undefined): Promise<boolean> {
  const id = track?.getSettings().deviceId;
  try {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(
      ({ kind }) => kind === 'videoinput',
    );
    // Without a permission they have no ids.
    return cameras.some(({ deviceId }) => deviceId === '' || deviceId === id);
  } catch {
    return false;
  }
}
