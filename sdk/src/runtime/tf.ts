import type * as core from '@tensorflow/tfjs-core';
import type * as converter from '@tensorflow/tfjs-converter';

/** tfjs-core's namespace. */
export type Tf = typeof core;
export type Converter = typeof converter;
export type { GraphModel } from '@tensorflow/tfjs-converter';
export type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
export type ModelArtifacts = core.io.ModelArtifacts;

/**
 * tfjs comes in on first use only: importing this package must have no side effects, cost nothing on a server and
 * write nothing to the console.
 */
export async function importTf(): Promise<{ tf: Tf; converter: Converter }> {
  const [tf, converter] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-converter'),
  ]);
  return { tf, converter };
}
