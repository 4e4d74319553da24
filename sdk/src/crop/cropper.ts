import type { Frame } from '../input/frame.ts';
import { normalizeCrop, sampleCrop } from './sample.ts';
import type { Tensor4D } from '../runtime/tf.ts';
import type { Region } from './region.ts';

/** Cuts regions out of a frame as the network wants them. */
export interface Cropper {
  /** @returns `[n, size, size, 1]`, normalised ('per-crop'); a tensor is the caller's to dispose, before the next call */
  crop(frame: Frame, regions: readonly Region[], size: number): Float32Array | Tensor4D;
  dispose(): void;
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

  dispose(): void {}
}
