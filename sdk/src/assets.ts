/**
 * Where the package's own files lie, relative to its modules: `sdk/models`, `sdk/wasm`. This file has the same depth
 * in the sources as in `dist`, so that one relative path serves both. Nothing is ever fetched from elsewhere.
 */
export const DEFAULT_LANDMARK_MODEL = (): string =>
  new URL('../models/resnet18/model.json', import.meta.url).href;
export const DEFAULT_DETECTOR_MODEL = (): string =>
  new URL('../models/blazeface/model.json', import.meta.url).href;
export const DEFAULT_WASM_PATH = (): string => new URL('../wasm/', import.meta.url).href;
