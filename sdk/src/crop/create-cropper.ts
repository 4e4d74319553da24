import { CpuCropper, type Cropper } from './cropper.ts';
import { GpuCropper } from './gpu-cropper.ts';

/** Cuts crops on the GPU, where there is one that can. @param size of a crop's side, px */
export async function createCropper(device: GPUDevice | undefined, size: number): Promise<Cropper> {
  const onGpu = device && (await GpuCropper.create(device, size).catch(() => undefined));
  return onGpu ?? new CpuCropper(size);
}
