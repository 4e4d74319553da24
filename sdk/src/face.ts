import { eyeLineAngle } from './landmarks/schema.ts';
import { cropToImage, regionOfPoints, type Region } from './crop/region.ts';
import type { LandmarkOutput } from './landmarks/output.ts';
import type { Expression } from './landmarks/expression.ts';
import type { Pose } from './landmarks/pose.ts';

/** A box along the picture's axes, px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A face in one frame. Coordinates are pixels of the frame, whatever size it is shown at. */
export interface Face {
  /** The same number for the same face as long as it is tracked. */
  readonly id: number;
  /** 68 landmarks as x0, y0, x1, …, px (schema: `LANDMARK_GROUPS`). */
  readonly keypoints: Float32Array;
  /** Expected error of each landmark, px. */
  readonly spread: Float32Array;
  /** Probability that this is a face, 0..1. */
  readonly presence: number;
  /** Around the landmarks. */
  readonly box: Box;
  /** Degrees. */
  readonly pose: Pose;
  /** 0..1. */
  readonly expression: Expression;
}

/** What the network says of one region, in px of the frame. */
export interface Finding {
  readonly points: Float32Array;
  readonly spread: Float32Array;
  readonly presence: number;
  /** Longer side of the landmarks' box, px. */
  readonly size: number;
}

/** The `i`th row of the network's output, from crop units to px. */
export function toFinding(
  { keypoints, spread, presence }: LandmarkOutput,
  i: number,
  region: Region,
): Finding {
  const count = spread.length / presence.length;
  const points = cropToImage(keypoints.subarray(2 * count * i, 2 * count * (i + 1)), region);
  return {
    points,
    spread: spread.slice(count * i, count * (i + 1)).map((value) => value * region.size),
    presence: presence[i],
    size: regionOfPoints(points, 1).size,
  };
}

/** The upright region around points found before: where the face will be in the next frame. */
export function regionOfFinding({ points }: Finding, factor: number): Region {
  return regionOfPoints(points, factor, eyeLineAngle(points));
}

export function boxOfPoints(points: ArrayLike<number>): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Intersection over the smaller of two boxes: a face within a face is the same one. */
export function boxOverlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / Math.min(a.width * a.height, b.width * b.height);
}
