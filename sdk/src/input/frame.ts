import type { Pixels } from '../crop/sample.ts';
import { FaceKeypointsError } from '../errors.ts';

/** Whatever shows a face. `Pixels` is plain memory and works in Node. */
export type FrameSource =
  | HTMLVideoElement
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | VideoFrame
  | ImageData
  | Blob
  | Pixels;

/** One picture, upright, in its own pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** What it was taken from, for a GPU to read; none where it came as pixels in memory. */
  readonly source?: Drawable;
  /** Of a video that may play on: what is read later may be another moment. */
  readonly live: boolean;
  /** RGBA (or grey, where the source was), read once and then kept. @throws FaceKeypointsError `input-invalid` */
  pixels(): Pixels;
  /** At least the pixels of `area`, for those who need no more: reading all of a large frame takes milliseconds. */
  part(area: Area): Part;
}

/** A rectangle within a picture, whole px. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a part of a picture, and where in the picture their first one lies. */
export interface Part {
  readonly pixels: Pixels;
  readonly left: number;
  readonly top: number;
}

export type Drawable = Exclude<FrameSource, Blob | Pixels | ImageData>;

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** Reads pixels through a canvas; one per tracker, so that its memory is allocated once. */
export class FrameReader {
  #context: Context | null = null;

  /**
   * What the source shows; its pixels are read when they are first asked for, so keep it open until then.
   * @throws FaceKeypointsError `input-invalid`: nothing to see yet, not decodable, or of no known kind
   */
  async read(source: FrameSource): Promise<Frame> {
    if (typeof Blob !== 'undefined' && source instanceof Blob) return this.#readBlob(source);
    const pixels = asPixels(source as Exclude<FrameSource, Blob>);
    if (pixels) return inMemory(pixels);
    const drawable = source as Drawable;
    const { width, height } = sizeOf(drawable);
    if (!(width > 0 && height > 0)) throw noSizeYet();
    const all = { left: 0, top: 0, width, height };
    let read: Pixels | undefined;
    return {
      width,
      height,
      source: drawable,
      live: 'videoWidth' in drawable,
      pixels: () => (read ??= this.#draw(drawable, width, height, all)),
      part: (area) =>
        read
          ? { pixels: read, left: 0, top: 0 }
          : { pixels: this.#draw(drawable, width, height, area), left: area.left, top: area.top },
    };
  }

  async #readBlob(blob: Blob): Promise<Frame> {
    if (typeof createImageBitmap === 'undefined') {
      throw new FaceKeypointsError(
        'input-invalid',
        'Files cannot be decoded here. Decode it and pass { data, width, height, channels }.',
      );
    }
    let bitmap: ImageBitmap;
    try {
      bitmap = await createImageBitmap(blob);
    } catch (cause) {
      throw new FaceKeypointsError(
        'input-invalid',
        'This file is no picture that the browser can read. Use JPEG, PNG or WebP.',
        { cause },
      );
    }
    try {
      return inMemory((await this.read(bitmap)).pixels());
    } finally {
      bitmap.close();
    }
  }

  #draw(source: Drawable, width: number, height: number, area: Area): Pixels {
    const context = this.#contextFor(area.width, area.height);
    try {
      context.clearRect(0, 0, area.width, area.height);
      context.drawImage(source, -area.left, -area.top, width, height);
      const { data } = context.getImageData(0, 0, area.width, area.height);
      return { data, width: area.width, height: area.height, channels: 4 };
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  #contextFor(width: number, height: number): Context {
    this.#context ??= createContext(width, height);
    if (!this.#context)
      throw new FaceKeypointsError(
        'input-invalid',
        'The picture is too large for this browser. Pass a smaller one.',
      );
    const { canvas } = this.#context;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    return this.#context;
  }
}

function inMemory(pixels: Pixels): Frame {
  const { width, height } = pixels;
  return { width, height, live: false, pixels: () => pixels, part: () => ({ pixels, left: 0, top: 0 }) };
}

function createContext(width: number, height: number): Context | null {
  const canvas =
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement('canvas'), { width, height });
  return canvas.getContext('2d', { willReadFrequently: true }) as Context | null;
}

function asPixels(source: Exclude<FrameSource, Blob>): Pixels | undefined {
  if (typeof source !== 'object' || source === null) throw unknownInput();
  if (!('data' in source)) return undefined;
  const { data, width, height } = source;
  const channels = 'channels' in source ? source.channels : 4;
  const length = width * height * channels;
  const sized = Number.isInteger(width) && Number.isInteger(height) && length > 0;
  if (!sized || (channels !== 1 && channels !== 4) || !ArrayBuffer.isView(data) || data.length !== length) {
    throw new FaceKeypointsError(
      'input-invalid',
      'Pixels need whole width and height above 0, channels 1 (grey) or 4 (RGBA), and width x height x channels bytes.',
    );
  }
  return { data: data as Pixels['data'], width, height, channels };
}

/** Px; 0 while it has not loaded. @throws FaceKeypointsError `input-invalid` */
export function sizeOf(source: Drawable): { width: number; height: number } {
  if ('videoWidth' in source) return { width: source.videoWidth, height: source.videoHeight };
  if ('naturalWidth' in source) {
    return source.complete
      ? { width: source.naturalWidth, height: source.naturalHeight }
      : { width: 0, height: 0 };
  }
  if ('displayWidth' in source) return { width: source.displayWidth, height: source.displayHeight };
  if ('width' in source && 'height' in source) return { width: source.width, height: source.height };
  throw unknownInput();
}

export function unknownInput(): FaceKeypointsError {
  return new FaceKeypointsError(
    'input-invalid',
    'Unknown kind of input. Pass a video, image, canvas, ImageBitmap, VideoFrame, ImageData, Blob or { data, width, height, channels }.',
  );
}

export function noSizeYet(): FaceKeypointsError {
  return new FaceKeypointsError(
    'input-invalid',
    'The input has no size yet. Wait until it has loaded, then pass it.',
  );
}

/** Why a frame could not be drawn, taken or sent to a worker: browsers give nobody the pictures of other sites. */
export function unreadable(cause: unknown): FaceKeypointsError {
  const name = cause instanceof DOMException ? cause.name : '';
  return new FaceKeypointsError(
    'input-invalid',
    name === 'SecurityError' || name === 'DataCloneError'
      ? 'The picture comes from another site that does not allow reading it. Load it with crossorigin="anonymous" or serve it yourself.'
      : 'The picture cannot be read. Check that it has loaded and is not broken or closed.',
    { cause },
  );
}
