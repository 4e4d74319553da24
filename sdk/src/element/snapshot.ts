import { FaceKeypointsError } from '../errors.ts';
import type { Face } from '../face.ts';
import type { Media } from './media/media.ts';
import { drawFaces, type OverlayStyle } from '../drawing/overlay.ts';
import type { Pen } from './overlay-canvas.ts';

export interface SnapshotOptions {
  /** Draw the landmarks into the picture; true by default. */
  readonly overlay?: boolean;
  /** As in a mirror; by default as it is shown. Coordinates never are: for a picture beside them, false. */
  readonly mirror?: boolean;
  /** MIME type, `image/png` by default. */
  readonly type?: string;
  /** 0..1, for types that lose some. */
  readonly quality?: number;
}

/** @throws FaceKeypointsError `input-invalid` */
export async function takeSnapshot(
  media: Media,
  shown: { faces: readonly Face[]; style: OverlayStyle; pen: Pen; mirror: boolean },
  { overlay = true, mirror = shown.mirror, type = 'image/png', quality }: SnapshotOptions,
): Promise<Blob> {
  const { width, height, view } = media;
  const { faces, style, pen } = shown;
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  try {
    const context = canvas.getContext('2d')!;
    if (mirror) context.setTransform(-1, 0, 0, 1, width, 0);
    context.drawImage(view, 0, 0, width, height);
    if (overlay) drawFaces(context, faces, style, pen.color, { x: 0, y: 0, scale: 1 }, 1, pen.weight);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob) return blob;
  } catch (cause) {
    throw new FaceKeypointsError(
      'input-invalid',
      'The picture comes from another site that does not allow reading it. Load it with CORS or serve it yourself.',
      { cause },
    );
  }
  throw new FaceKeypointsError('input-invalid', `The picture cannot be saved as ${type}. Use image/png.`);
}
