/**
 * Where the package's own files lie. Each is named by a `new URL` of its own, relative to this module: bundlers that know
 * the pattern (Vite, webpack, Parcel) take the files along by it and put their new addresses in. This module has the
 * same depth in `src`, `dist` and `browser`, so that one relative path serves all three. Nothing is fetched from elsewhere.
 */
import { absoluteUrl, pageUrl } from './runtime/addresses.ts';
import type { BackendName, WasmFiles } from './runtime/backend.ts';
import { chooseModels, type ModelName, type ModelOption } from './runtime/model-choice.ts';
import type { ModelSource } from './runtime/model-store.ts';

export interface AssetOptions {
  /**
   * Folder (URL) that holds `models/`, `wasm/` and `browser/`, copies of the package's own. Only for bundlers that leave
   * `new URL('…', import.meta.url)` alone, and for files on another server; the four below override it one by one.
   */
  readonly assets?: string | URL;
  /** The landmark model; `auto` by default. */
  readonly model?: ModelOption;
  readonly detector?: ModelSource;
  /** The wasm binaries: their folder (URL), or each one's address. */
  readonly wasmPath?: string | WasmFiles;
  /** The worker's script (URL). */
  readonly worker?: string | URL;
}

/** Every file's address, absolute in a page. */
export interface Assets {
  /** The landmark model, by the backend that is to run it. */
  readonly model: Readonly<Record<BackendName, ModelSource>>;
  readonly detector: ModelSource;
  /** `undefined`: the runtime's default, which in Node are tfjs's own files. */
  readonly wasmPath: string | WasmFiles | undefined;
  readonly worker: string;
}

/** Where the package's files lie, whichever of them will be needed. */
interface Places extends Omit<Assets, 'model'> {
  readonly models: Readonly<Record<ModelName, ModelSource>>;
}

/** @throws FaceKeypointsError `option-invalid`: an address that is none, a model that there is not */
export function locateAssets({ assets, model, detector, wasmPath, worker }: AssetOptions = {}): Assets {
  const found = assets === undefined ? ownPlaces() : placesIn(assets);
  const { webgpu, webgl, wasm } = chooseModels(model ?? 'auto', found.models);
  return {
    model: { webgpu: toAbsolute(webgpu), webgl: toAbsolute(webgl), wasm: toAbsolute(wasm) },
    detector: toAbsolute(detector ?? found.detector),
    wasmPath: toAbsoluteWasm(wasmPath) ?? found.wasmPath,
    worker: worker === undefined ? found.worker : absoluteUrl(worker),
  };
}

/** The package's own files. Of the weights only the packed twin, so that a build carries them once. */
function ownPlaces(): Places {
  return {
    models: {
      resnet18: {
        json: new URL('../models/resnet18/model.json', import.meta.url).href,
        files: { 'weights.gz.bin': new URL('../models/resnet18/weights.gz.bin', import.meta.url).href },
      },
      lite: {
        json: new URL('../models/lite/model.json', import.meta.url).href,
        files: { 'weights.gz.bin': new URL('../models/lite/weights.gz.bin', import.meta.url).href },
      },
    },
    detector: {
      json: new URL('../models/blazeface/model.json', import.meta.url).href,
      files: { 'blazeface.bin': new URL('../models/blazeface/blazeface.bin', import.meta.url).href },
    },
    wasmPath: undefined,
    worker: new URL('../browser/worker.js', import.meta.url).href,
  };
}

/** The wasm binaries that come with the package. */
export function ownWasm(): WasmFiles {
  return {
    'tfjs-backend-wasm.wasm': new URL('../wasm/tfjs-backend-wasm.wasm', import.meta.url).href,
    'tfjs-backend-wasm-simd.wasm': new URL('../wasm/tfjs-backend-wasm-simd.wasm', import.meta.url).href,
    'tfjs-backend-wasm-threaded-simd.wasm': new URL(
      '../wasm/tfjs-backend-wasm-threaded-simd.wasm',
      import.meta.url,
    ).href,
  };
}

function placesIn(folder: string | URL): Places {
  const base = absoluteUrl(`${String(folder).replace(/\/+$/, '')}/`);
  const file = (path: string): string => new URL(path, base).href;
  return {
    models: { resnet18: file('models/resnet18/model.json'), lite: file('models/lite/model.json') },
    detector: file('models/blazeface/model.json'),
    wasmPath: file('wasm/'),
    worker: file('browser/worker.js'),
  };
}

function toAbsolute(source: ModelSource): ModelSource {
  return typeof source === 'string' || source instanceof URL ? absoluteUrl(source) : source;
}

function toAbsoluteWasm(path: string | WasmFiles | undefined): string | WasmFiles | undefined {
  if (path === undefined || typeof path !== 'string') return path;
  // In Node a plain path will do as well.
  return pageUrl() === undefined ? path : absoluteUrl(path);
}
