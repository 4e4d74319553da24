import { ensureBytes, kernelBytes } from '../runtime/kernel-module.ts';
import { areaOf } from './area.ts';
import { CROP_WASM } from './crop.wasm.ts';
import type { Region } from './region.ts';
import { cropTaps, type Pixels } from './sample.ts';

/** See `sdk/assembly/crop.ts`. */
interface Exports {
  grey(at: number, pixels: number): void;
  // prettier-ignore
  cut(
    luma: number, width: number, height: number, crop: number, size: number,
    taps: number, x0: number, y0: number, dx: number, dy: number,
  ): void;
  normalise(crop: number, length: number): void;
}

/** Of a float32, and of a pixel in RGBA. */
const BYTES = 4;

/** `null`: there is none. */
let shared: CropKernel | null | undefined;

/** `sampleCrop` and `normalizeCrop` in WebAssembly, four pixels at a time. */
export class CropKernel {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;

  private constructor(memory: WebAssembly.Memory, exports: Exports) {
    this.#memory = memory;
    this.#exports = exports;
  }

  /**
   * The page's own: its memory is for one call at a time. Undefined where WebAssembly is not there or not allowed, or has no
   * 128-bit operations; it is tried once, as each try may be reported as a violation of the page's policy.
   */
  static get shared(): CropKernel | undefined {
    return (shared ??= CropKernel.create() ?? null) ?? undefined;
  }

  static create(): CropKernel | undefined {
    try {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const module = new WebAssembly.Module(kernelBytes(CROP_WASM));
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return new CropKernel(memory, exports as unknown as Exports);
    } catch {
      return undefined;
    }
  }

  /**
   * A normalised crop, as `normalizeCrop(sampleCrop(…))` but for the digits of float32.
   * @param out `size` x `size`
   * @returns false, and nothing is done, where `size` is no multiple of 4, a side of the picture is a single pixel, or memory
   *   is short
   */
  cut(image: Pixels, region: Region, size: number, out: Float32Array): boolean {
    const { left, top, width, height } = areaOf(region, image);
    if (!(size % 4 === 0 && width >= 2 && height >= 2)) return false;
    // In whole groups of four, all of which are computed.
    const pixels = Math.ceil((width * height) / 4) * 4;
    const crop = pixels * BYTES;
    try {
      ensureBytes(this.#memory, crop + out.length * BYTES);
    } catch {
      return false;
    }
    this.#place(image, left, top, width, height);
    if (image.channels === 4) this.#exports.grey(0, pixels);
    const { x0, y0, dx, dy, taps } = cropTaps(region, size);
    this.#exports.cut(0, width, height, crop, size, taps, x0 - left, y0 - top, dx, dy);
    this.#exports.normalise(crop, out.length);
    out.set(new Float32Array(this.#memory.buffer, crop, out.length));
    return true;
  }

  /** The area's pixels at the beginning of the memory, four bytes each: RGBA, or grey as float32. */
  #place({ data, width, channels }: Pixels, left: number, top: number, columns: number, rows: number): void {
    const target =
      channels === 4 ? new Uint8Array(this.#memory.buffer) : new Float32Array(this.#memory.buffer);
    for (let row = 0; row < rows; row++) {
      const from = ((top + row) * width + left) * channels;
      target.set(data.subarray(from, from + columns * channels), row * columns * channels);
    }
  }
}
