import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelFile } from '../export/model-file.ts';
import { layersOfModel } from '../export/model-layers.ts';
import type { InitialLayers } from '../models/parameters.ts';
import { readTorchWeights } from '../models/torch-weights.ts';

/**
 * Layers to start from: an exported model (`model.json`, or a folder that holds one), or a folder of PyTorch's `.npy`
 * files.
 */
export async function readInitialLayers(path: string): Promise<InitialLayers> {
  return (await isModel(path)) ? layersOfModel(await readModelFile(path)) : readTorchWeights(path);
}

/** What an exported model was trained on and its terms; undefined for plain weights, which state none. */
export async function originOf(
  path: string,
): Promise<{ data: readonly string[]; terms: string } | undefined> {
  if (!(await isModel(path))) return undefined;
  const { data, terms } = (await readModelFile(path)).json.userDefinedMetadata;
  return { data, terms };
}

async function isModel(path: string): Promise<boolean> {
  if (path.endsWith('.json')) return true;
  return stat(join(path, 'model.json')).then(
    () => true,
    () => false,
  );
}
