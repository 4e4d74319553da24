import { CLOSED_GROUPS, LANDMARK_GROUPS, type LandmarkGroup } from '../landmarks/schema.ts';
import type { Face } from '../face.ts';

export const OVERLAY_STYLES = ['points', 'contours', 'none'] as const;
export type OverlayStyle = (typeof OVERLAY_STYLES)[number];

/** A picture fitted into a box as `object-fit: contain` does: where it lies and how much it is enlarged. */
export interface Fit {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export function containFit(boxWidth: number, boxHeight: number, width: number, height: number): Fit {
  const scale = Math.min(boxWidth / width, boxHeight / height);
  return { x: (boxWidth - width * scale) / 2, y: (boxHeight - height * scale) / 2, scale };
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/**
 * Draws faces (frame px) through `fit` (to canvas px). Dots and lines grow with the face, within limits of legibility;
 * `weight` makes all of them thicker (above 1) or thinner.
 */
export function drawFaces(
  context: Context,
  faces: readonly Face[],
  style: OverlayStyle,
  color: string,
  fit: Fit,
  pixelRatio: number,
  weight = 1,
): void {
  if (style === 'none') return;
  context.save();
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const { keypoints, box } of faces) {
    const size = Math.max(box.width, box.height) * fit.scale;
    const x = (i: number): number => fit.x + keypoints[2 * i] * fit.scale;
    const y = (i: number): number => fit.y + keypoints[2 * i + 1] * fit.scale;
    context.beginPath();
    if (style === 'points') {
      const radius = weight * Math.min(4 * pixelRatio, Math.max(1.75 * pixelRatio, size * 0.01));
      for (let i = 0; i < keypoints.length / 2; i++) {
        context.moveTo(x(i) + radius, y(i));
        context.arc(x(i), y(i), radius, 0, 2 * Math.PI);
      }
      context.fill();
    } else {
      context.lineWidth = weight * Math.min(4 * pixelRatio, Math.max(1.25 * pixelRatio, size * 0.007));
      for (const [group, [start, end]] of Object.entries(LANDMARK_GROUPS)) {
        context.moveTo(x(start), y(start));
        for (let i = start + 1; i < end; i++) context.lineTo(x(i), y(i));
        if (CLOSED_GROUPS.has(group as LandmarkGroup)) context.closePath();
      }
      context.stroke();
    }
  }
  context.restore();
}
