import type { InitialLayers } from './parameters.ts';
import { readTorchWeights } from './torch-weights.ts';

/** Layers to start from: a folder of PyTorch's `.npy` files. */
export async function readInitialLayers(path: string): Promise<InitialLayers> {
  return readTorchWeights(path);
}
