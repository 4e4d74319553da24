import { productNetworkNamed } from '../models/networks.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import { withMarkupShift } from '../models/markup-shift.ts';
import type { FoldedLayer } from './fold.ts';
import { readModelFile, type ModelDescription } from './model-file.ts';
import { layersOfModel } from './model-layers.ts';

/** A trained network on its way to a file. */
export interface Source {
  readonly network: LandmarkNetwork;
  readonly layers: ReadonlyMap<string, FoldedLayer>;
  readonly about: ModelDescription;
}

/**
 * An exported model as the source of another: its weights as they are, whatever was measured of its errors left behind.
 * @param path a `model.json`, or the folder that holds one
 */
export async function sourceOfModel(path: string): Promise<Source> {
  const file = await readModelFile(path);
  const {
    name,
    network = name,
    inputSize,
    cropFactor,
    markupShift,
    data,
    terms,
    training,
  } = file.json.userDefinedMetadata;
  return {
    network: withMarkupShift(productNetworkNamed(network), markupShift),
    layers: layersOfModel(file),
    about: { name, network, inputSize, cropFactor, markupShift, data, terms, training, measured: null },
  };
}
