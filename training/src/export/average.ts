import type { FoldedLayer } from './fold.ts';
import type { ModelDescription } from './model-file.ts';
import type { Source } from './source.ts';

/**
 * The mean of networks that were trained from the same start, weight by weight: as good as the mean of what they say, at the
 * cost of one (Wortsman et al., "Model soups", 2022). Batch norm is inside the kernels by then.
 * @returns named as the first of them; with the data and the terms of all
 * @throws Error when they are not of the same network and input
 */
export function averageOf([first, ...others]: readonly [Source, ...Source[]]): Source {
  const all = [first, ...others];
  for (const { about } of others) {
    if (inputOf(about) !== inputOf(first.about))
      throw new Error(`${inputOf(about)} cannot be averaged with ${inputOf(first.about)}`);
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
  return { ...first, layers, about: aboutAll(all.map(({ about }) => about)) };
}

function inputOf({ network, inputSize, cropFactor }: ModelDescription): string {
  return `${network} at ${inputSize} px of ${cropFactor} boxes`;
}

function aboutAll(all: readonly ModelDescription[]): ModelDescription {
  if (all.length === 1) return all[0];
  const [first] = all;
  const terms = [...new Set(all.map(({ terms }) => terms))].join(' ');
  const data = [...new Set(all.flatMap(({ data }) => data))];
  const averaged = all.reduce((sum, { training }) => sum + (training?.averaged ?? 1), 0);
  const crops = all.reduce((sum, { training }) => sum + (training?.crops ?? 0), 0);
  return {
    ...first,
    data,
    terms,
    training: first.training && { ...first.training, crops, averaged },
  };
}

function mean(arrays: readonly Float32Array[]): Float32Array {
  return arrays[0].map((_, i) => arrays.reduce((sum, array) => sum + array[i], 0) / arrays.length);
}
