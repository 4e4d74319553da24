import type { LandmarkGroup } from '../landmarks/schema.ts';
import { MESH_TRIANGLES } from '../landmarks/mean-face.ts';

/** A smooth line through landmarks, part of the group that lends its name. */
export interface Contour {
  readonly group: LandmarkGroup;
  readonly landmarks: readonly number[];
}

const span = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i);

/** Lines that meet in corners (of eyes and mouth) end there, so that the corners stay sharp. */
export const CONTOURS: readonly Contour[] = [
  { group: 'jaw', landmarks: span(0, 17) },
  { group: 'rightBrow', landmarks: span(17, 22) },
  { group: 'leftBrow', landmarks: span(22, 27) },
  { group: 'noseBridge', landmarks: span(27, 31) },
  { group: 'noseBase', landmarks: span(31, 36) },
  { group: 'rightEye', landmarks: span(36, 40) },
  { group: 'rightEye', landmarks: [39, 40, 41, 36] },
  { group: 'leftEye', landmarks: span(42, 46) },
  { group: 'leftEye', landmarks: [45, 46, 47, 42] },
  { group: 'outerLips', landmarks: span(48, 55) },
  { group: 'outerLips', landmarks: [54, 55, 56, 57, 58, 59, 48] },
  { group: 'innerLips', landmarks: span(60, 65) },
  { group: 'innerLips', landmarks: [64, 65, 66, 67, 60] },
];

/** Each side of the mesh's triangles once: pairs of landmarks. */
export const MESH_EDGES: readonly (readonly [number, number])[] = edgesOf(MESH_TRIANGLES);

/** What canvases and SVG paths have in common. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
}

/** Draws a line through `landmarks` of `points`: a Catmull-Rom spline (1974) as cubic curves. */
export function traceContour(path: PathSink, points: ArrayLike<number>, landmarks: readonly number[]): void {
  const last = landmarks.length - 1;
  const at = (k: number, axis: 0 | 1): number => points[2 * landmarks[Math.min(last, Math.max(0, k))] + axis];
  path.moveTo(at(0, 0), at(0, 1));
  for (let k = 0; k < last; k++) {
    path.bezierCurveTo(
      at(k, 0) + (at(k + 1, 0) - at(k - 1, 0)) / 6,
      at(k, 1) + (at(k + 1, 1) - at(k - 1, 1)) / 6,
      at(k + 1, 0) - (at(k + 2, 0) - at(k, 0)) / 6,
      at(k + 1, 1) - (at(k + 2, 1) - at(k, 1)) / 6,
      at(k + 1, 0),
      at(k + 1, 1),
    );
  }
}

function edgesOf(triangles: readonly number[]): [number, number][] {
  const edges = new Map<number, [number, number]>();
  triangles.forEach((a, i) => {
    const b = triangles[i % 3 === 2 ? i - 2 : i + 1];
    const [low, high] = a < b ? [a, b] : [b, a];
    edges.set(low * 1000 + high, [low, high]);
  });
  return [...edges.values()];
}
