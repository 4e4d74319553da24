import type { Frame } from '../input/frame.ts';
import { normalizeCrop, sampleCrop } from './sample.ts';
import type { Region } from './region.ts';

/** Cuts regions out of a frame as the network wants them; the seam for a GPU implementation. */
export interface Cropper {
  /** @returns `[n, size, size, 1]`, normalised ('per-crop') */
  crop(frame: Frame, regions: readonly Region[], size: number): Float32Array;
}

/** Reads the frame's pixels back and samples them on the CPU: the same numbers everywhere. */
export class CpuCropper implements Cropper {
  crop(frame: Frame, regions: readonly Region[], size: number): Float32Array {
    const pixels = frame.pixels();
    const length = size * size;
    const out = new Float32Array(regions.length * length);
    regions.forEach((region, i) => {
      normalizeCrop(sampleCrop(pixels, region, size, out.subarray(i * length, (i + 1) * length)));
    });
    return out;
  }
}
