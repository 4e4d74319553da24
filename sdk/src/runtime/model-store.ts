import { FaceKeypointsError } from '../errors.ts';
import { absoluteUrl } from './addresses.ts';
import { fetchBytes } from './model/fetch.ts';
import { canUnpack, isGzip, unpack } from './model/gzip.ts';
import {
  assembleModel,
  parseModelJson,
  verifyShard,
  weightBytes,
  weightPaths,
  type ModelJson,
} from './model/manifest.ts';
import type { ModelArtifacts } from './tf.ts';

export { specBytes } from './model/manifest.ts';

/** A model's files by address, where a build has renamed them: `model.json`, and each weight file that it names. */
export interface ModelFiles {
  readonly json: string | URL;
  readonly files: Readonly<Record<string, string | URL>>;
}

/**
 * A model's `model.json` or its folder by URL (one that does not end in `.json` is a folder's), its files by address, or the
 * whole model in memory (tests, dropped files, Node).
 */
export type ModelSource = string | URL | ModelFiles | ModelArtifacts;

/** What has been loaded of a model: bytes of its weights as they travel, packed or not, and of how many (0 while unknown). */
export interface LoadProgress {
  readonly url: string;
  readonly loaded: number;
  readonly total: number;
}

export interface LoadOptions {
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a tfjs graph model, checking each weight file against the SHA-256 in `userDefinedMetadata.sha256`
 * (where it is given, and where the page is a secure context: elsewhere browsers do not compute it) and against its size.
 * A gzip twin named in `userDefinedMetadata.gzip` is taken in place of the weight file.
 * @throws FaceKeypointsError `model-missing`, `model-corrupt`, `model-unsupported`; the signal's reason when aborted
 */
export async function loadModelArtifacts(
  source: ModelSource,
  options: LoadOptions = {},
): Promise<ModelArtifacts> {
  if (typeof source === 'string' || source instanceof URL)
    return fetchModel({ json: jsonAddress(source), files: {} }, options);
  if ('json' in source) return fetchModel(source, options);
  if (!source.modelTopology || !source.weightSpecs || !source.weightData) {
    throw new FaceKeypointsError(
      'model-unsupported',
      'These artifacts hold no graph and weights. Pass a tfjs graph model.',
    );
  }
  return source;
}

/**
 * A model out of the files that a person picked or dropped: one `.json` and the weights that it names (packed or not),
 * checked like fetched ones. Other files are passed over.
 * @throws FaceKeypointsError `model-missing`: no `.json`, or weights that it names are not among the files;
 *   `model-corrupt`: no JSON in it, or weights that are not the ones it names; `model-unsupported`
 */
export async function modelFromFiles(files: Iterable<File>): Promise<ModelArtifacts> {
  const byName = new Map(Array.from(files, (file) => [file.name, file]));
  const jsonFile =
    byName.get('model.json') ?? [...byName.values()].find(({ name }) => name.endsWith('.json'));
  if (!jsonFile) {
    throw new FaceKeypointsError(
      'model-missing',
      'There is no model.json among the files. Choose it together with its weights.',
    );
  }
  const json = parseModelJson(await bytesOf(jsonFile), jsonFile.name, 'files');
  const shards: Uint8Array[] = [];
  for (const path of weightPaths(json)) {
    const file = [path, json.userDefinedMetadata?.gzip?.[path]]
      .map((name) => name && byName.get(name.split('/').pop()!))
      .find((found) => found instanceof Blob);
    if (!file) {
      throw new FaceKeypointsError(
        'model-missing',
        `${jsonFile.name} needs ${weightPaths(json).join(', ')}. Choose them together.`,
      );
    }
    const bytes = await unpackedIfGzip(await bytesOf(file), file.name);
    await verifyShard(bytes, json.userDefinedMetadata?.sha256?.[path], file.name);
    shards.push(bytes);
  }
  return assembleModel(json, shards, jsonFile.name);
}

/** The `model.json` of an address that may be its folder's; a query goes along. */
function jsonAddress(address: string | URL): URL {
  const url = new URL(absoluteUrl(address));
  // What the browser holds in memory, or the address itself does, lies in no folder.
  const inFolder = url.protocol !== 'blob:' && url.protocol !== 'data:';
  if (inFolder && !/\.json$/i.test(url.pathname))
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/model.json`;
  return url;
}

async function fetchModel(source: ModelFiles, options: LoadOptions): Promise<ModelArtifacts> {
  const url = absoluteUrl(source.json);
  options.onProgress?.({ url, loaded: 0, total: 0 });
  const json = parseModelJson(await fetchBytes(url, options.signal), url, 'server');
  let total = weightBytes(json);
  let done = 0;
  const shards: Uint8Array[] = [];
  const paths = weightPaths(json);
  for (const path of paths) {
    const report = (loaded: number, expected?: number): void => {
      // A packed twin is smaller. What those of several files add up to is not known before they come.
      if (expected !== undefined && paths.length === 1) total = expected;
      options.onProgress?.({ url, loaded: Math.min(done + loaded, total), total });
    };
    const bytes = await fetchShard(source, url, json, path, options.signal, report);
    done += bytes.length;
    report(0);
    shards.push(bytes);
  }
  return assembleModel(json, shards, url);
}

/** A weight file: its packed twin where there is one and the browser unpacks, else the plain file. */
async function fetchShard(
  { files }: ModelFiles,
  url: string,
  json: ModelJson,
  path: string,
  signal: AbortSignal | undefined,
  onBytes: (loaded: number, expected?: number) => void,
): Promise<Uint8Array> {
  const addressOf = (name: string): string =>
    files[name] ? absoluteUrl(files[name]) : new URL(name, url).href;
  const { gzip, sha256 } = json.userDefinedMetadata ?? {};
  const twin = gzip?.[path];
  if (twin && canUnpack()) {
    const address = addressOf(twin);
    let packed: Uint8Array | undefined;
    try {
      packed = await fetchBytes(address, signal, onBytes);
    } catch (error) {
      signal?.throwIfAborted();
      // Only the packed file may have been deployed, under a name that only we know.
      if (files[twin] && !files[path]) throw error;
    }
    if (packed) {
      const bytes = await unpackedIfGzip(packed, address);
      await verifyShard(bytes, sha256?.[path], address);
      return bytes;
    }
  }
  const address = addressOf(path);
  const bytes = await fetchBytes(address, signal, onBytes);
  await verifyShard(bytes, sha256?.[path], address);
  return bytes;
}

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

const unpackedIfGzip = async (bytes: Uint8Array, name: string): Promise<Uint8Array> =>
  isGzip(bytes) ? unpack(bytes, name) : bytes;
