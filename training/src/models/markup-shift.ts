import type { LandmarkNetwork } from './layers.ts';

/** The network as it says its points with this shift, unless another is asked for. */
export function withMarkupShift(network: LandmarkNetwork, shift: number | undefined): LandmarkNetwork {
  return (layers, crop, markupShift = shift) => network(layers, crop, markupShift);
}
