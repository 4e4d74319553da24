import { FaceKeypointsError } from '../errors.ts';
import {
  noSizeYet,
  sizeOf,
  unknownInput,
  unreadable,
  type Drawable,
  type FrameSource,
} from '../input/frame.ts';
import type { SentFrame } from './protocol.ts';

export interface Shipment {
  readonly frame: SentFrame;
  /** What moves to the worker instead of being copied. */
  readonly transfer: readonly Transferable[];
}

/**
 * The frame that a source shows now, ready to be moved to a worker. The source stays its owner's and is not changed:
 * a `VideoFrame` is cloned (the same memory, counted), everything else copied.
 * @throws FaceKeypointsError `input-invalid`
 */
export async function shipFrame(source: FrameSource): Promise<Shipment> {
  if (typeof source !== 'object' || source === null) throw unknownInput();
  if (source instanceof Blob) return { frame: source, transfer: [] };
  if ('data' in source) {
    const { data, width, height } = source;
    if (!ArrayBuffer.isView(data)) throw unknownInput();
    // Of a view only its own part is worth sending.
    const copy = data.slice();
    const channels = 'channels' in source ? source.channels : 4;
    return { frame: { data: copy, width, height, channels }, transfer: [copy.buffer] };
  }
  try {
    const frame = isVideoFrame(source) ? source.clone() : await grab(source);
    return { frame, transfer: [frame] };
  } catch (cause) {
    if (cause instanceof FaceKeypointsError) throw cause;
    throw unreadable(cause);
  }
}

async function grab(source: Exclude<Drawable, VideoFrame>): Promise<VideoFrame | ImageBitmap> {
  const { width, height } = sizeOf(source);
  if (!(width > 0 && height > 0)) throw noSizeYet();
  if (typeof VideoFrame !== 'undefined' && 'videoWidth' in source) {
    const frame = new VideoFrame(source);
    if (isUpright(frame, source)) return frame;
    frame.close();
  }
  return createImageBitmap(source);
}

/** Whether a frame lies as its video is shown: files may say that they are to be turned, which their frames are not. */
function isUpright(frame: VideoFrame, { srcObject, videoWidth, videoHeight }: HTMLVideoElement): boolean {
  if (frame.displayWidth !== videoWidth || frame.displayHeight !== videoHeight) return false;
  if ('rotation' in frame) return frame.rotation === 0;
  // Half a turn does not show in the size. Cameras, whose frames come fast, give upright ones.
  return srcObject !== null;
}

const isVideoFrame = (source: Drawable): source is VideoFrame => 'displayWidth' in source;
