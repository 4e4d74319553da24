import type { LandmarkNetwork } from './layers.ts';
import { resnet18 } from './resnet18.ts';

/** The networks that `--network` names. */
export const NETWORKS: Readonly<Record<string, LandmarkNetwork>> = { resnet18 };

/** @throws Error naming the valid choices */
export function networkNamed(name: string): LandmarkNetwork {
  const network = NETWORKS[name];
  if (!network)
    throw new Error(`unknown network "${name}". Should be one of: ${Object.keys(NETWORKS).join(', ')}`);
  return network;
}
