import type { Layer } from './moving-picture.mjs';

type Point = readonly [number, number];
export const WIDTH: number;
export const HEIGHT: number;
export function writeCamera(
  path: string,
  picture: string | Uint8Array,
): Promise<(point: Point) => [number, number]>;
export function writeMovingCamera(
  path: string,
  layersOf: (frame: number) => readonly Layer[],
  frames: number,
  options: { readonly rate: number; readonly noise?: number; readonly seed?: number },
): Promise<void>;
