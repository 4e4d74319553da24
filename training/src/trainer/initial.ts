import { join } from 'node:path';
import { readModelFile } from '../export/model-file.ts';
import { layersOfModel } from '../export/model-layers.ts';
import type { InitialLayers } from '../models/parameters.ts';
import { readTorchWeights } from '../models/torch-weights.ts';
import { exists } from '../support/exists.ts';
import { MODEL_FOLDER } from './run-folder.ts';

/**
 * Layers to start from: an exported model (`model.json`, or a folder that holds one), or a folder of PyTorch's `.npy`
 * files.
 * @throws Error saying what to give instead
 */
export async function readInitialLayers(path: string): Promise<InitialLayers> {
  if (await isModel(path)) return layersOfModel(await readModelFile(path));
  if (await exists(join(path, 'run.json')))
    throw new Error(
      `${path} is a run: start from ${join(path, MODEL_FOLDER)}, which \`npm run export -- --run ${path}\` writes`,
    );
  return readTorchWeights(path);
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
  return path.endsWith('.json') || exists(join(path, 'model.json'));
}
