import type { FoldedLayer } from './fold.ts';
import type { Source } from './source.ts';

/**
 * The mean of networks that were trained from the same start, weight by weight: as good as the mean of what they say, at the
 * cost of one (Wortsman et al., "Model soups", 2022). Batch norm is inside the kernels by then.
 * @returns about the first of them
 * @throws Error when they are not of the same network and input
 */
export function averageOf([first, ...others]: readonly [Source, ...Source[]]): Source {
  const all = [first, ...others];
  for (const { about } of others) {
    if (about.network !== first.about.network || about.inputSize !== first.about.inputSize) {
      throw new Error(
        `${about.network} at ${about.inputSize} px cannot be averaged with ${first.about.network} at ${first.about.inputSize} px`,
      );
    }
  }
  const layers = new Map<string, FoldedLayer>();
  for (const [name, { shape }] of first.layers) {
    const same = all.map((source) => {
      const layer = source.layers.get(name);
      if (layer?.shape.join() !== shape.join())
        throw new Error(`${name} differs in shape, or one of the networks lacks it`);
      return layer;
    });
    layers.set(name, {
      shape,
      kernel: mean(same.map(({ kernel }) => kernel)),
      bias: mean(same.map(({ bias }) => bias)),
    });
  }
  return { ...first, layers };
}

function mean(arrays: readonly Float32Array[]): Float32Array {
  return arrays[0].map((_, i) => arrays.reduce((sum, array) => sum + array[i], 0) / arrays.length);
}
