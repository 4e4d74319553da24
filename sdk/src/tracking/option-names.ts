import type { AssetOptions } from '../assets.ts';
import type { RuntimeOptions } from '../runtime/runtime.ts';

type OptionName = keyof (AssetOptions & RuntimeOptions) | 'maxFaces' | 'smoothing' | 'onProgress' | 'signal';

/** All that a tracker can be told; a record, so that the types miss none. */
const KNOWN: Record<OptionName, true> = {
  assets: true,
  backend: true,
  detector: true,
  maxFaces: true,
  model: true,
  onProgress: true,
  signal: true,
  smoothing: true,
  threads: true,
  wasmPath: true,
  worker: true,
};

/** All that a new tracker can be told. */
export const TRACKER_OPTIONS: readonly string[] = Object.keys(KNOWN);
/** Those that can be changed while a tracker runs. */
export const TRACKING_OPTIONS = ['maxFaces', 'smoothing'] as const satisfies readonly OptionName[];
