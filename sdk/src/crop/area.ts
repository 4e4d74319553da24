import type { Area } from '../input/frame.ts';
import type { Region } from './region.ts';

/** Beside the outermost taps lie the pixels that they are blended with. */
const MARGIN = 3;
/** Sides are rounded up to multiples of this, px, so that the memory behind them is seldom made anew. */
const STEP = 64;

/** What of the frame a crop needs: the box around the turned square. */
export function areaOf({ cx, cy, size, angle }: Region, frame: { width: number; height: number }): Area {
  const reach = (size / 2) * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) + MARGIN;
  const [left, width] = span(cx, reach, frame.width);
  const [top, height] = span(cy, reach, frame.height);
  return { left, top, width, height };
}

/** A stretch of `length` px that holds all of `reach` about `centre` that there is; never empty. */
function span(centre: number, reach: number, length: number): [start: number, size: number] {
  const size = Math.min(length, Math.ceil((2 * reach + 1) / STEP) * STEP);
  const start = Math.floor(centre - reach);
  return [Math.min(Math.max(0, start), length - size), size];
}
