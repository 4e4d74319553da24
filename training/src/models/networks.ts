import { IBUG68, type LandmarkSchema } from '../datasets/schema.ts';
import { face58Network } from './face58.ts';
import type { LandmarkNetwork, PointNetwork } from './layers.ts';
import { lite } from './lite.ts';
import { noseNetwork } from './nose.ts';
import { resnet18 } from './resnet18.ts';
import { resnet18Linear } from './resnet18-linear.ts';

/** What a network is built by, beside its name. */
export interface Shape {
  /** The 68 of iBUG by default. */
  readonly schema?: LandmarkSchema;
  /** Units of the widest layer, in networks that leave it open. */
  readonly width?: number;
}

type Build = (landmarks: number, width: number | undefined) => PointNetwork;

/** The product's own: points, expected errors and presence. Then the course project's: points alone. */
const PRODUCT: Readonly<Record<string, (landmarks: number) => LandmarkNetwork>> = {
  resnet18,
  lite,
};
const COURSE: Readonly<Record<string, Build>> = {
  nose: noseNetwork,
  face58: face58Network,
  'resnet18-linear': resnet18Linear,
};

/** Those of them that the product runs. */
export const PRODUCT_NETWORKS: readonly string[] = Object.keys(PRODUCT);

/** The networks that `--network` names. */
export const NETWORK_NAMES: readonly string[] = [...Object.keys(PRODUCT), ...Object.keys(COURSE)];

/** @throws Error naming the valid choices */
export function networkNamed(name: string, { schema = IBUG68, width }: Shape = {}): PointNetwork {
  const build: Build | undefined = own(PRODUCT, name) ?? own(COURSE, name);
  if (!build) throw new Error(`unknown network "${name}". Should be one of: ${NETWORK_NAMES.join(', ')}`);
  return build(schema.count, width);
}

/**
 * A network that the product can run.
 * @throws Error when this one gives points alone, or other points than the product's
 */
export function productNetworkNamed(name: string, { schema = IBUG68 }: Shape = {}): LandmarkNetwork {
  const build = own(PRODUCT, name);
  if (!build) {
    networkNamed(name);
    throw new Error(
      `${name} gives points alone; the product also needs their expected error and the presence of a face. It runs: ${Object.keys(PRODUCT).join(', ')}`,
    );
  }
  if (schema.name !== IBUG68.name) {
    throw new Error(
      `this run learned ${schema.count} points (${schema.name}); the product has the 68 of iBUG`,
    );
  }
  return build(schema.count);
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
