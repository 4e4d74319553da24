import { CpuCropper, type Cropper } from './cropper.ts';
import { GpuCropper } from './gpu-cropper.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** On the GPU, where there is one that can. @param size of a crop's side, px */
export async function createCropper({ device, untilLost }: Runtime, size: number): Promise<Cropper> {
  const onGpu = device && (await untilLost(GpuCropper.create(device, size)).catch(() => undefined));
  return onGpu ?? new CpuCropper(size);
}
