import type { InitialLayers } from './parameters.ts';

/** What of some weights a network starts from. */
export interface FittedLayers {
  /** Those that fit. */
  readonly layers: InitialLayers;
  /** Layers whose kernel is given, of all that the network has. */
  readonly taken: number;
  readonly of: number;
  /** Layers that are drawn although they are given, as they have another number of outputs: those that give points. */
  readonly afresh: readonly string[];
  /** Layers that the network does not have. */
  readonly unused: readonly string[];
}

/**
 * The weights that a network can start from. A layer that differs in its outputs alone is drawn afresh: that is one of
 * the last, for another number of points, since after any other the next layer's inputs would differ too.
 * @param shapes of the network's kernels, HWIO (dense: IO), by layer
 * @throws Error naming the layer and both shapes where one does not fit, or saying that there is none of the network's
 */
export function fitInitial(
  given: InitialLayers,
  shapes: ReadonlyMap<string, readonly number[]>,
): FittedLayers {
  const layers: InitialLayers = new Map();
  const afresh: string[] = [];
  let taken = 0;
  for (const [name, shape] of shapes) {
    const layer = given.get(name);
    if (!layer) continue;
    const { kernel, shape: stated = [], bias } = layer;
    const outputs = shape[shape.length - 1];
    if (kernel && said(stated.slice(0, -1)) !== said(shape.slice(0, -1)))
      throw new Error(
        `weights to start from: ${name} has ${said(stated)}, the network ${said(shape)}: are they of another --network?`,
      );
    if (kernel && stated[stated.length - 1] !== outputs) {
      afresh.push(name);
      continue;
    }
    if (bias && bias.length !== outputs)
      throw new Error(`weights to start from: ${name} has a bias of ${bias.length}, the network ${outputs}`);
    if (kernel) taken++;
    layers.set(name, layer);
  }
  const unused = [...given.keys()].filter((name) => !shapes.has(name));
  if (taken === 0) {
    const few = (names: Iterable<string>) => [...names].slice(0, 3).join(', ');
    throw new Error(
      `weights to start from: no layer fits; they are of ${few(given.keys())} …, the network has ${few(shapes.keys())} …`,
    );
  }
  return { layers, taken, of: shapes.size, afresh, unused };
}

function said(shape: readonly number[]): string {
  return shape.join('x');
}
