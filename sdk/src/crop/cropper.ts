import type { Frame } from '../input/frame.ts';
import { areaOf } from './area.ts';
import { CropKernel } from './crop-kernel.ts';
import { normalizeCrop, sampleCrop } from './sample.ts';
import type { Region } from './region.ts';

/** Cuts regions out of a frame as the network wants them. */
export interface Cropper {
  /** @returns `[n, size, size, 1]`, normalised ('per-crop'); a buffer is written over, or destroyed, by the next call */
  crop(frame: Frame, regions: readonly Region[]): Float32Array | GPUBuffer;
  /** Lets go of the last frame. */
  forget(): void;
  dispose(): void;
}

/** Reads the frame's pixels back and samples them on the processor. */
export class CpuCropper implements Cropper {
  readonly #size: number;

  /** @param size of a crop's side, px */
  constructor(size: number) {
    this.#size = size;
  }

  crop(frame: Frame, regions: readonly Region[]): Float32Array {
    const size = this.#size;
    const length = size * size;
    const out = new Float32Array(regions.length * length);
    regions.forEach((region, i) => {
      // Several faces may fill most of the frame: then it is read once.
      const { pixels, left, top } =
        regions.length === 1
          ? frame.part(areaOf(region, frame))
          : { pixels: frame.pixels(), left: 0, top: 0 };
      const inPart = { ...region, cx: region.cx - left, cy: region.cy - top };
      const crop = out.subarray(i * length, (i + 1) * length);
      if (!CropKernel.shared?.cut(pixels, inPart, size, crop))
        normalizeCrop(sampleCrop(pixels, inPart, size, crop));
    });
    return out;
  }

  forget(): void {}

  dispose(): void {}
}
