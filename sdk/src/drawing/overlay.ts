import type { Box, Face } from '../face.ts';
import { CONTOURS, MESH_EDGES, traceContour } from './contours.ts';

/**
 * Ways to draw a face: its landmarks as dots; lines along brows, eyes, nose, mouth and jaw; a net of triangles; circles
 * that hold the true place of each landmark nine times in ten; nothing.
 */
export const OVERLAY_STYLES = ['points', 'contours', 'mesh', 'spread', 'none'] as const;

export type OverlayStyle = (typeof OVERLAY_STYLES)[number];

/**
 * Radius that holds nine in ten true places, over the expected error (`Face.spread`): for errors that are normal and
 * alike in both directions, sqrt(2 ln 10) over sqrt(pi / 2).
 */
export const SPREAD_RADIUS = Math.sqrt(2 * Math.LN10) / Math.sqrt(Math.PI / 2);

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

/** Under lines and dots, so that they show on light skin too. */
export const HALO = 'rgba(0, 0, 0, 0.35)';

/**
 * Sizes of what is drawn, in px of the drawing: they grow with the face, within limits of legibility. `weight` makes all
 * of them thicker (above 1) or thinner.
 */
export function strokesOf(box: Box, scale: number, pixelRatio: number, weight = 1) {
  const size = Math.max(box.width, box.height) * scale;
  const within = (least: number, most: number, part: number): number =>
    weight * Math.min(most * pixelRatio, Math.max(least * pixelRatio, size * part));
  return {
    dot: within(1.6, 3.5, 0.0095),
    line: within(1.25, 3, 0.0062),
    hair: within(0.7, 1.25, 0.0028),
    halo: within(0.5, 1.25, 0.0025),
  };
}

/** Draws faces (frame px) through `fit` (to canvas px), in one path a face and layer. */
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
  context.lineJoin = 'round';
  // Round caps on 165 sides cost more than they show.
  context.lineCap = style === 'mesh' ? 'butt' : 'round';
  context.strokeStyle = color;
  context.fillStyle = color;
  for (const face of faces) {
    const strokes = strokesOf(face.box, fit.scale, pixelRatio, weight);
    if (style === 'points') drawDots(context, face, strokes.dot, strokes.halo, color, fit);
    else if (style === 'contours') {
      trace(context, fit, () => {
        for (const { landmarks } of CONTOURS) traceContour(context, face.keypoints, landmarks);
      });
      strokeTwice(context, strokes.line, strokes.halo, color);
    } else if (style === 'mesh') {
      const { keypoints } = face;
      trace(context, fit, () => {
        for (const [a, b] of MESH_EDGES) {
          context.moveTo(keypoints[2 * a], keypoints[2 * a + 1]);
          context.lineTo(keypoints[2 * b], keypoints[2 * b + 1]);
        }
      });
      strokeTwice(context, strokes.hair, strokes.halo / 2, color);
      drawDots(context, face, 1.8 * strokes.hair, 0, color, fit);
    } else {
      trace(context, fit, () => circles(context, face, (i) => SPREAD_RADIUS * face.spread[i]));
      context.globalAlpha = 0.25;
      context.fill();
      context.globalAlpha = 1;
      strokeTwice(context, strokes.hair, strokes.halo / 2, color);
    }
  }
  context.restore();
}

/** A path in frame px; what strokes it later is in canvas px. */
function trace(context: Context, fit: Fit, draw: () => void): void {
  context.save();
  context.translate(fit.x, fit.y);
  context.scale(fit.scale, fit.scale);
  context.beginPath();
  draw();
  context.restore();
}

function circles(context: Context, { keypoints }: Face, radius: (i: number) => number): void {
  for (let i = 0; i < keypoints.length / 2; i++) {
    const r = radius(i);
    context.moveTo(keypoints[2 * i] + r, keypoints[2 * i + 1]);
    context.arc(keypoints[2 * i], keypoints[2 * i + 1], r, 0, 2 * Math.PI);
  }
}

function strokeTwice(context: Context, width: number, halo: number, color: string): void {
  context.strokeStyle = HALO;
  context.lineWidth = width + 2 * halo;
  context.stroke();
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

function drawDots(context: Context, face: Face, radius: number, halo: number, color: string, fit: Fit): void {
  const layer = (fill: string, r: number): void => {
    context.fillStyle = fill;
    trace(context, fit, () => circles(context, face, () => r / fit.scale));
    context.fill();
  };
  if (halo > 0) layer(HALO, radius + halo);
  layer(color, radius);
}
