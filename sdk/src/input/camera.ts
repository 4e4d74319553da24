import { FaceKeypointsError, type FaceKeypointsErrorCode } from '../errors.ts';

export interface CameraOptions {
  /** `user`, the default, faces the person, `environment` away from them. */
  readonly facingMode?: 'user' | 'environment';
  /** A certain camera; wins over `facingMode`. */
  readonly deviceId?: string;
  /** Wished-for size, px, 640 x 480 by default; the camera's nearest is taken. */
  readonly width?: number;
  readonly height?: number;
}

/** Sizes that cameras commonly have, by the names that people know. */
export const RESOLUTIONS = {
  vga: { width: 640, height: 480 },
  hd: { width: 1280, height: 720 },
  'full-hd': { width: 1920, height: 1080 },
} as const;

export type CameraResolution = keyof typeof RESOLUTIONS;

/** A camera from the prompt until `stop()`, which may come at any time. */
export class Camera {
  #stream: MediaStream | undefined;
  #generation = 0;

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  /**
   * Asks for the camera. Resolves to undefined when `stop()` came first, even while the prompt was open.
   * @throws FaceKeypointsError `camera-denied`, `camera-missing`, `camera-busy`, `insecure-context`
   */
  async start({ facingMode = 'user', deviceId, width = 640, height = 480 }: CameraOptions = {}): Promise<
    MediaStream | undefined
  > {
    this.stop();
    const generation = this.#generation;
    if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
      throw globalThis.isSecureContext === false
        ? new FaceKeypointsError(
            'insecure-context',
            'Browsers give the camera to secure pages only. Open this page over https or on localhost.',
          )
        : new FaceKeypointsError(
            'camera-missing',
            'This browser offers no camera. Use a picture or a video file.',
          );
    }
    const video: MediaTrackConstraints = {
      width: { ideal: width },
      height: { ideal: height },
      ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: facingMode } }),
    };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (cause) {
      if (generation !== this.#generation) return undefined;
      throw cameraError(cause);
    }
    if (generation !== this.#generation) {
      stopTracks(stream);
      return undefined;
    }
    this.#stream = stream;
    return stream;
  }

  /** Ends every track at once, so that the camera's light goes out; a prompt's later answer changes nothing. */
  stop(): void {
    this.#generation++;
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = undefined;
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const CAMERA_ERRORS: Record<string, readonly [FaceKeypointsErrorCode, string]> = {
  NotAllowedError: [
    'camera-denied',
    'The camera is blocked. Allow it for this page in the browser’s address bar, then start again.',
  ],
  SecurityError: [
    'camera-denied',
    'The camera is blocked by this page’s policy. Allow "camera" in its Permissions-Policy (for a frame: allow="camera").',
  ],
  NotFoundError: ['camera-missing', 'No camera was found. Connect one, or use a picture or a video file.'],
  OverconstrainedError: ['camera-missing', 'No camera fits the wish. Choose another camera.'],
  NotReadableError: ['camera-busy', 'The camera is in use by another program. Close that, then start again.'],
  AbortError: [
    'camera-busy',
    'The camera did not start. Unplug it or close other programs that use it, then start again.',
  ],
};

/** What getUserMedia threw (Media Capture and Streams, W3C), as an error that says what to do. */
export function cameraError(cause: unknown): FaceKeypointsError {
  const name = (cause as { name?: string } | undefined)?.name ?? '';
  const [code, message] = CAMERA_ERRORS[name] ?? [
    'camera-busy',
    'The camera did not start. Check that it works in other programs, then start again.',
  ];
  return new FaceKeypointsError(code, message, { cause });
}
