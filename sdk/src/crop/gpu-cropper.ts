import { CpuCropper, type Cropper } from './cropper.ts';
import { cropTaps } from './sample.ts';
import type { Region } from './region.ts';
import type { Frame } from '../input/frame.ts';
import { CROP_WGSL, THREADS } from './crop.wgsl.ts';

/** Bytes of `Crop` in the shader: two vec2f and a u32, padded to the alignment of vec2f. */
const CROP_BYTES = 24;

/** Of `crop.wgsl.ts`, for crops of one size. */
interface Kernels {
  readonly layout: GPUBindGroupLayout;
  readonly cut: GPUComputePipeline;
  readonly normalise: GPUComputePipeline;
}

/** Crops without the pixels ever leaving the GPU; on the CPU where a frame cannot be uploaded. */
export class GpuCropper implements Cropper {
  readonly #device: GPUDevice;
  readonly #size: number;
  readonly #kernels: Kernels;
  #fallback: CpuCropper | undefined;
  #texture: GPUTexture | undefined;
  /** What is in the texture: a video may go on while one frame is in work. */
  #uploaded: Frame | undefined;
  #crops: GPUBuffer | undefined;
  #result: GPUBuffer | undefined;

  private constructor(device: GPUDevice, size: number, kernels: Kernels) {
    this.#device = device;
    this.#size = size;
    this.#kernels = kernels;
  }

  /**
   * @param size of a crop's side, px
   * @throws GPUPipelineError where the shaders do not compile
   */
  static async create(device: GPUDevice, size: number): Promise<GpuCropper> {
    return new GpuCropper(device, size, await compile(device, size));
  }

  crop(frame: Frame, regions: readonly Region[]): Float32Array | GPUBuffer {
    const texture = this.#upload(frame);
    const size = this.#size;
    if (!texture) return (this.#fallback ??= new CpuCropper(size)).crop(frame, regions);
    const device = this.#device;
    const crops = (this.#crops = sized(
      device,
      this.#crops,
      regions.length * CROP_BYTES,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    ));
    const bytes = regions.length * size * size * 4;
    const result = (this.#result = sized(
      device,
      this.#result,
      bytes,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    ));
    device.queue.writeBuffer(crops, 0, describe(regions, size));
    const { layout, cut, normalise } = this.#kernels;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout,
        entries: [
          { binding: 0, resource: texture.createView() },
          { binding: 1, resource: { buffer: crops } },
          { binding: 2, resource: { buffer: result } },
        ],
      }),
    );
    pass.setPipeline(cut);
    pass.dispatchWorkgroups(Math.ceil((size * size) / THREADS), regions.length);
    pass.setPipeline(normalise);
    pass.dispatchWorkgroups(regions.length);
    pass.end();
    device.queue.submit([encoder.finish()]);
    return result;
  }

  forget(): void {
    this.#uploaded = undefined;
  }

  dispose(): void {
    this.forget();
    this.#texture?.destroy();
    this.#crops?.destroy();
    this.#result?.destroy();
  }

  #upload(frame: Frame): GPUTexture | undefined {
    if (this.#texture && this.#uploaded === frame) return this.#texture;
    this.#uploaded = undefined;
    const { source, width, height } = frame;
    if (!source || Math.max(width, height) > this.#device.limits.maxTextureDimension2D) return undefined;
    if (!this.#texture || this.#texture.width !== width || this.#texture.height !== height) {
      this.#texture?.destroy();
      this.#texture = this.#device.createTexture({
        size: [width, height],
        format: 'rgba8unorm',
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
      });
    }
    try {
      this.#device.queue.copyExternalImageToTexture({ source }, { texture: this.#texture }, [width, height]);
      this.#uploaded = frame;
      return this.#texture;
    } catch {
      // Of a kind that this browser does not take, or of another site: the CPU's way will tell.
      return undefined;
    }
  }
}

async function compile(device: GPUDevice, size: number): Promise<Kernels> {
  const module = device.createShaderModule({ code: CROP_WGSL });
  const visibility = GPUShaderStage.COMPUTE;
  const layout = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility, texture: {} },
      { binding: 1, visibility, buffer: { type: 'read-only-storage' } },
      { binding: 2, visibility, buffer: { type: 'storage' } },
    ],
  });
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  const [cut, normalise] = await Promise.all(
    ['cut', 'normalise'].map((entryPoint) =>
      device.createComputePipelineAsync({
        layout: pipelineLayout,
        compute: { module, entryPoint, constants: { SIZE: size } },
      }),
    ),
  );
  return { layout, cut, normalise };
}

function describe(regions: readonly Region[], size: number): ArrayBuffer {
  const data = new ArrayBuffer(regions.length * CROP_BYTES);
  const floats = new Float32Array(data);
  const ints = new Uint32Array(data);
  regions.forEach((region, i) => {
    const { x0, y0, dx, dy, taps } = cropTaps(region, size);
    const at = (i * CROP_BYTES) / 4;
    floats.set([x0, y0, dx, dy], at);
    ints[at + 4] = taps;
  });
  return data;
}

function sized(
  device: GPUDevice,
  buffer: GPUBuffer | undefined,
  size: number,
  usage: GPUBufferUsageFlags,
): GPUBuffer {
  if (buffer?.size === size) return buffer;
  buffer?.destroy();
  return device.createBuffer({ size, usage });
}
