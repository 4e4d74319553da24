import type { Area, Frame } from '../input/frame.ts';
import { normalizeCrop, sampleCrop } from './sample.ts';
import type { Region } from './region.ts';

/** Cuts regions out of a frame as the network wants them. */
export interface Cropper {
  /** @returns `[n, size, size, 1]`, normalised ('per-crop'); a buffer is written over by the next call */
  crop(frame: Frame, regions: readonly Region[], size: number): Float32Array | GPUBuffer;
  /** Lets go of the last frame. */
  forget(): void;
  dispose(): void;
}

/** Reads the frame's pixels back and samples them on the CPU: the same numbers everywhere. */
export class CpuCropper implements Cropper {
  crop(frame: Frame, regions: readonly Region[], size: number): Float32Array {
    const length = size * size;
    const out = new Float32Array(regions.length * length);
    regions.forEach((region, i) => {
      // Several faces may fill most of the frame: then it is read once.
      const { pixels, left, top } =
        regions.length === 1
          ? frame.part(areaOf(region, frame))
          : { pixels: frame.pixels(), left: 0, top: 0 };
      const inPart = { ...region, cx: region.cx - left, cy: region.cy - top };
      normalizeCrop(sampleCrop(pixels, inPart, size, out.subarray(i * length, (i + 1) * length)));
    });
    return out;
  }

  forget(): void {}

  dispose(): void {}
}

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
