import { inputStep } from '../inputs/input.ts';
import { fitInitial, type FittedLayers } from '../models/fit-initial.ts';
import { kernelShapes } from '../models/layer-shapes.ts';
import { networkNamed } from '../models/networks.ts';
import type { InitialLayers } from '../models/parameters.ts';
import type { TrainSettings } from '../trainer/settings.ts';

/**
 * The weights of `--init` as the network takes them.
 * @throws Error as `fitInitial`
 */
export function fitInit(given: InitialLayers, network: string, settings: TrainSettings): FittedLayers {
  return fitInitial(given, kernelShapes(networkNamed(network, settings), inputStep(settings)));
}

/** What became of them, a line each, for people. */
export function describeInit({ taken, of, afresh, unused }: FittedLayers, path: string): string[] {
  return [
    `${taken} of ${of} layers start from ${path}${unused.length > 0 ? `; not used: ${unused.join(', ')}` : ''}`,
    ...(afresh.length > 0
      ? [`drawn afresh, as they are for another number of points there: ${afresh.join(', ')}`]
      : []),
  ];
}
