import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelFile } from '../export/model-file.ts';
import { sizeOf, type InitialLayers } from './parameters.ts';
import { readTorchWeights } from './torch-weights.ts';

/**
 * Layers to start from: an exported model (`model.json`, or a folder that holds one), or a folder of PyTorch's `.npy`
 * files.
 */
export async function readInitialLayers(path: string): Promise<InitialLayers> {
  return (await isModel(path)) ? layersOfModel(path) : readTorchWeights(path);
}

/** What an exported model was trained on and its terms; undefined for plain weights, which state none. */
export async function originOf(
  path: string,
): Promise<{ data: readonly string[]; terms: string } | undefined> {
  if (!(await isModel(path))) return undefined;
  const { data, terms } = (await readModelFile(path)).json.userDefinedMetadata;
  return { data, terms };
}

async function layersOfModel(path: string): Promise<InitialLayers> {
  const { json, weights } = await readModelFile(path);
  const entries = json.weightsManifest.flatMap((group) => group.weights);
  const values = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    const count = sizeOf(shape);
    const bytes = weights.subarray(offset, (offset += quantization ? count : count * 4));
    if (quantization)
      values.set(
        name,
        Float32Array.from(bytes, (level) => level * quantization.scale + quantization.min),
      );
    else if (dtype === 'float32') values.set(name, new Float32Array(new Uint8Array(bytes).buffer));
  }
  const layers: InitialLayers = new Map();
  for (const [name, levels] of values) {
    if (!name.endsWith('/kernel')) continue;
    const layer = name.slice(0, -'/kernel'.length);
    const scale = values.get(`${layer}/scale`);
    const bias = values.get(`${layer}/bias`);
    if (!scale || !bias)
      throw new Error(
        `${path} has no scale and bias of ${layer}; it should be a model of \`npm run export\``,
      );
    layers.set(layer, { kernel: levels.map((level, i) => level * scale[i % scale.length]), bias });
  }
  if (layers.size === 0)
    throw new Error(`${path} holds no layers; it should be a model of \`npm run export\``);
  return layers;
}

async function isModel(path: string): Promise<boolean> {
  if (path.endsWith('.json')) return true;
  return stat(join(path, 'model.json')).then(
    () => true,
    () => false,
  );
}
