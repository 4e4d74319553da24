import { Camera, type FaceKeypointsError } from 'face-keypoints';
import { RESOLUTIONS, type Resolution } from '../settings.ts';
import type { CameraChoice } from '../state.ts';

export interface CameraWish {
  readonly deviceId: string | undefined;
  readonly resolution: Resolution;
}

/** The page's camera: one stream, which any number of elements may show. */
export class PageCamera {
  readonly #camera = new Camera();

  /** @returns undefined when `stop()` came first. @throws FaceKeypointsError as `Camera.start` */
  async start({ deviceId, resolution }: CameraWish): Promise<MediaStream | undefined> {
    const { width, height } = RESOLUTIONS[resolution];
    try {
      return await this.#camera.start({ width, height, ...(deviceId && { deviceId }) });
    } catch (error) {
      // The camera chosen the last time may be gone; another one will do.
      if (!deviceId || (error as FaceKeypointsError).code !== 'camera-missing') throw error;
      return this.#camera.start({ width, height });
    }
  }

  stop(): void {
    this.#camera.stop();
  }
}

/** The cameras by name; browsers tell the names only once one of them is allowed. */
export async function listCameras(): Promise<CameraChoice[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId)
    .map(({ deviceId: id, label }, i) => ({ id, label: label || `Camera ${i + 1}` }));
}

/** Whether the camera would start without a question. */
export async function isCameraAllowed(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: 'camera' as PermissionName });
    return state === 'granted';
  } catch {
    return false; // Firefox of old does not tell
  }
}
