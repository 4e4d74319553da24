import type { Face } from '../face.ts';
import { containFit, drawFaces, type OverlayStyle } from '../drawing/overlay.ts';

/** How faces are drawn, as the page's style sheets say. */
export interface Pen {
  readonly color: string;
  /** Factor on the width of lines and dots. */
  readonly weight: number;
}

/** The pen that the custom properties set for the overlay; any CSS colour will do. */
export function penOf(canvas: HTMLCanvasElement): Pen {
  const style = getComputedStyle(canvas);
  const weight = Number.parseFloat(style.getPropertyValue('--face-keypoints-line-width'));
  return { color: style.color || '#2dd4bf', weight: weight > 0 ? weight : 1 };
}

/** Shows faces on a canvas that lies over the picture, at the screen's own resolution. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  faces: readonly Face[],
  style: OverlayStyle,
  picture: { readonly width: number; readonly height: number } | undefined,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  // Setting a canvas's size also clears it, at the price of new memory.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
  if (!picture || faces.length === 0) return;
  const { color, weight } = penOf(canvas);
  const fit = containFit(width, height, picture.width, picture.height);
  drawFaces(context, faces, style, color, fit, ratio, weight);
}
