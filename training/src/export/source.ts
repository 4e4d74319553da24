import { join } from 'node:path';
import { readInitialLayers } from '../models/initial.ts';
import { productNetworkNamed } from '../models/networks.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import { sizeOf } from '../models/parameters.ts';
import type { FoldedLayer } from './fold.ts';
import { readModelFile, type ModelDescription } from './model-file.ts';

/** A trained network on its way to a file. */
export interface Source {
  readonly network: LandmarkNetwork;
  readonly layers: ReadonlyMap<string, FoldedLayer>;
  readonly about: ModelDescription;
}

/** An exported model as the source of another: its weights as they are, whatever was measured of it left behind. */
export async function sourceOfModel(path: string): Promise<Source> {
  const folder = path.endsWith('.json') ? join(path, '..') : path;
  const { json } = await readModelFile(folder);
  const entries = json.weightsManifest.flatMap((group) => group.weights);
  const layers = new Map<string, FoldedLayer>();
  for (const [name, { kernel, bias }] of await readInitialLayers(folder)) {
    const shape = entries.find((entry) => entry.name === `${name}/kernel`)?.shape;
    if (!kernel || !bias || !shape || sizeOf(shape) !== kernel.length) {
      throw new Error(`${path} lacks weights of ${name}; it should be a model of \`npm run export\``);
    }
    layers.set(name, { shape, kernel, bias });
  }
  const { name, network = name, inputSize, cropFactor, data, terms, training } = json.userDefinedMetadata;
  return {
    network: productNetworkNamed(network),
    layers,
    about: { name, network, inputSize, cropFactor, data, terms, training, measured: null },
  };
}
