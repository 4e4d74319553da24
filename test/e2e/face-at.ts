import type { Face } from 'face-keypoints';

/** A face of 68 points in rows, its box's corner at (x, 0); 100 px large unless told. */
export function faceAt(x: number, { id = 1, size = 100 } = {}): Face {
  const keypoints = Float32Array.from({ length: 136 }, (_, i) =>
    i % 2 ? (size * Math.floor(i / 2 / 10)) / 6 : x + (size * (Math.floor(i / 2) % 10)) / 9,
  );
  return { id, keypoints, box: { x, y: 0, width: size, height: size } } as unknown as Face;
}
