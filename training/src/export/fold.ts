import { BATCH_NORM_EPSILON } from '../models/gradient-layers.ts';
import type { Parameters } from '../models/parameters.ts';

/** A convolution or dense layer as it is exported: kernel HWIO (or IO) with batch norm inside, and bias. */
export interface FoldedLayer {
  readonly shape: readonly number[];
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Folds each layer's batch norm, where it has one, into kernel and bias (Jacob et al., 2018, section 3.2). */
export function foldLayers(parameters: Parameters): Map<string, FoldedLayer> {
  const layers = new Map<string, FoldedLayer>();
  for (const [name, { shape, values }] of parameters) {
    if (!name.endsWith('/kernel')) continue;
    const layer = name.slice(0, -'/kernel'.length);
    const part = (key: string) => parameters.get(`${layer}/${key}`)?.values;
    const channels = shape[shape.length - 1];
    const [gamma, beta, mean, variance] = [part('gamma'), part('beta'), part('mean'), part('variance')];
    if (!gamma || !beta || !mean || !variance) {
      layers.set(layer, { shape, kernel: values, bias: part('bias') ?? new Float32Array(channels) });
      continue;
    }
    const factor = gamma.map((g, c) => g / Math.sqrt(variance[c] + BATCH_NORM_EPSILON));
    layers.set(layer, {
      shape,
      kernel: values.map((w, i) => w * factor[i % channels]),
      bias: beta.map((b, c) => b - mean[c] * factor[c]),
    });
  }
  return layers;
}
