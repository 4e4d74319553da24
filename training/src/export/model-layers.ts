import { sizeOf } from '../models/parameters.ts';
import type { FoldedLayer } from './fold.ts';
import type { ModelFile } from './model-file.ts';

/**
 * The layers that a model file holds, in float: each kernel's levels times their channel's scale.
 * @throws Error when it is not a file of `npm run export`
 */
export function layersOfModel({ json, weights }: ModelFile): Map<string, FoldedLayer> {
  const values = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of json.weightsManifest.flatMap((group) => group.weights)) {
    const count = sizeOf(shape);
    const bytes = weights.subarray(offset, (offset += quantization ? count : count * 4));
    if (quantization) {
      const { scale, min } = quantization;
      values.set(name, { shape, values: Float32Array.from(bytes, (level) => level * scale + min) });
    } else if (dtype === 'float32') {
      values.set(name, { shape, values: new Float32Array(new Uint8Array(bytes).buffer) });
    }
  }
  const layers = new Map<string, FoldedLayer>();
  for (const [name, { shape, values: levels }] of values) {
    if (!name.endsWith('/kernel')) continue;
    const layer = name.slice(0, -'/kernel'.length);
    const scale = values.get(`${layer}/scale`)?.values;
    const bias = values.get(`${layer}/bias`)?.values;
    if (!scale || !bias || sizeOf(shape) !== levels.length) {
      throw new Error(`the model lacks weights of ${layer}; it should be one of \`npm run export\``);
    }
    layers.set(layer, { shape, kernel: levels.map((level, i) => level * scale[i % scale.length]), bias });
  }
  if (layers.size === 0) throw new Error('the model holds no layers; it should be one of `npm run export`');
  return layers;
}
