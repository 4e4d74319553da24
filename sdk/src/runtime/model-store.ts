import { FaceKeypointsError } from '../errors.ts';
import type { ModelArtifacts } from './tf.ts';

/** A model's `model.json` by URL, or the whole model in memory (tests, dropped files, Node). */
export type ModelSource = string | URL | ModelArtifacts;

/** What has been loaded of a model: bytes of its weights, and of how many (0 while unknown). */
export interface LoadProgress {
  readonly url: string;
  readonly loaded: number;
  readonly total: number;
}

export interface LoadOptions {
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface ModelJson {
  format?: string;
  modelTopology?: object;
  signature?: object;
  userDefinedMetadata?: { sha256?: Record<string, string> };
  weightsManifest?: { paths: string[]; weights: NonNullable<ModelArtifacts['weightSpecs']> }[];
}

/**
 * Loads a tfjs graph model, checking each weight file against the SHA-256 in `userDefinedMetadata.sha256`
 * (where it is given, and where the page is a secure context: elsewhere browsers do not compute it) and against its size.
 * @throws FaceKeypointsError `model-missing`, `model-corrupt`, `model-unsupported`; the signal's reason when aborted
 */
export async function loadModelArtifacts(
  source: ModelSource,
  options: LoadOptions = {},
): Promise<ModelArtifacts> {
  if (typeof source === 'string' || source instanceof URL) return fetchModel(toUrl(source), options);
  if (!source.modelTopology || !source.weightSpecs || !source.weightData) {
    throw new FaceKeypointsError(
      'model-unsupported',
      'These artifacts hold no graph and weights. Pass a tfjs graph model.',
    );
  }
  return source;
}

async function fetchModel(url: string, { onProgress, signal }: LoadOptions): Promise<ModelArtifacts> {
  const json = parse(await fetchBytes(url, signal), url);
  if (json.format !== 'graph-model' || !json.modelTopology || !Array.isArray(json.weightsManifest)) {
    throw new FaceKeypointsError(
      'model-unsupported',
      `${url} is not a tfjs graph model. Export the model as "graph-model".`,
    );
  }
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const total = weightSpecs.reduce((sum, spec) => sum + specBytes(spec), 0);
  let done = 0;
  onProgress?.({ url, loaded: 0, total });
  const shards: Uint8Array[] = [];
  for (const path of json.weightsManifest.flatMap((group) => group.paths)) {
    const shardUrl = new URL(path, url).href;
    const bytes = await fetchBytes(shardUrl, signal, (loaded) =>
      onProgress?.({ url, loaded: done + loaded, total }),
    );
    await verify(bytes, json.userDefinedMetadata?.sha256?.[path], shardUrl);
    done += bytes.length;
    shards.push(bytes);
  }
  if (done !== total) {
    throw new FaceKeypointsError(
      'model-corrupt',
      `The weights of ${url} have ${done} bytes where ${total} are due. Deploy model.json and its weights together.`,
    );
  }
  return {
    format: json.format,
    modelTopology: json.modelTopology,
    ...(json.signature && { signature: json.signature }),
    ...(json.userDefinedMetadata && { userDefinedMetadata: json.userDefinedMetadata }),
    weightSpecs,
    weightData: concat(shards, total),
  };
}

/** Bytes that a weight takes in the file. Sizes of the types: tfjs manifest format. */
export function specBytes(spec: NonNullable<ModelArtifacts['weightSpecs']>[number]): number {
  const type = spec.quantization ? spec.quantization.dtype : spec.dtype;
  const bytes = { float32: 4, int32: 4, complex64: 8, float16: 2, uint16: 2, uint8: 1, bool: 1, string: NaN }[
    type
  ];
  return bytes * spec.shape.reduce((product, side) => product * side, 1);
}

async function fetchBytes(
  url: string,
  signal?: AbortSignal,
  onBytes?: (loaded: number) => void,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (url.startsWith('file:')) return readFile(url);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FaceKeypointsError(
      'model-missing',
      `Could not load ${url}. Check the connection and the address.`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new FaceKeypointsError(
      'model-missing',
      `Could not load ${url}: the server answered ${response.status}. Check that the file is deployed there.`,
    );
  }
  try {
    if (!response.body || !onBytes) return new Uint8Array(await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      chunks.push(chunk.value);
      onBytes((loaded += chunk.value.length));
    }
    return new Uint8Array(concat(chunks, loaded));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FaceKeypointsError(
      'model-missing',
      `Loading ${url} broke off. Check the connection and try again.`,
      { cause },
    );
  }
}

/** Node's fetch knows no file: URLs. The name is a variable so that bundlers for browsers do not follow it. */
async function readFile(url: string): Promise<Uint8Array> {
  try {
    const node = 'node:fs/promises';
    const fs = (await import(/* @vite-ignore */ node)) as { readFile(url: URL): Promise<Uint8Array> };
    return new Uint8Array(await fs.readFile(new URL(url)));
  } catch (cause) {
    throw new FaceKeypointsError('model-missing', `Could not read ${url}. Check that the file is there.`, {
      cause,
    });
  }
}

async function verify(bytes: Uint8Array, expected: string | undefined, url: string): Promise<void> {
  if (!expected || !globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== expected.toLowerCase()) {
    throw new FaceKeypointsError(
      'model-corrupt',
      `${url} is not the file that its model.json names (SHA-256 ${hex}). Reload; if it stays so, deploy both together.`,
    );
  }
}

function parse(bytes: Uint8Array, url: string): ModelJson {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ModelJson;
  } catch (cause) {
    // A single-page server answers a missing file with its index page.
    throw new FaceKeypointsError(
      'model-missing',
      `${url} is no JSON. Check that the model is deployed there.`,
      { cause },
    );
  }
}

function toUrl(source: string | URL): string {
  const base = typeof document !== 'undefined' ? document.baseURI : globalThis.location?.href;
  try {
    return new URL(source, base).href;
  } catch (cause) {
    throw new FaceKeypointsError(
      'option-invalid',
      `"${String(source)}" is no URL. Outside a page it must be absolute.`,
      { cause },
    );
  }
}

function concat(parts: readonly Uint8Array[], length: number): ArrayBuffer {
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part.subarray(0, length - offset), offset);
    offset += part.length;
  }
  return out.buffer;
}
