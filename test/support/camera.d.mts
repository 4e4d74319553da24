import type { Place } from './moving-picture.mjs';

type Point = readonly [number, number];
export const WIDTH: number;
export const HEIGHT: number;
export const FRAME_RATE: number;
export function writeCamera(
  path: string,
  picture: string | Uint8Array,
): Promise<(point: Point) => [number, number]>;
export function writeMovingCamera(
  path: string,
  picture: string | Uint8Array,
  pathFn: (seconds: number) => Place,
  frames: number,
  options?: { readonly width?: number; readonly noise?: number; readonly seed?: number },
): Promise<((point: Point) => [number, number])[]>;
