/** A tfjs graph model's `model.json`: what it says of its weight files, and whether they are the ones it names. */
import { FaceKeypointsError } from '../../errors.ts';
import type { ModelArtifacts } from '../tf.ts';

export interface ModelJson {
  readonly format: 'graph-model';
  readonly modelTopology: object;
  readonly signature?: object;
  readonly userDefinedMetadata?: {
    /** Of each weight file, unpacked, in hexadecimal digits. */
    readonly sha256?: Readonly<Record<string, string>>;
    /** Names of packed twins of weight files. */
    readonly gzip?: Readonly<Record<string, string>>;
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: NonNullable<ModelArtifacts['weightSpecs']>;
  }[];
}

/** Where a model came from: what is wrong with it is mended in another place. */
export type ModelOrigin = 'server' | 'files';

/**
 * @param name the file, for messages
 * @throws FaceKeypointsError no JSON: `model-missing` from a server, which may answer so for a file that it has not,
 *   `model-corrupt` among files; `model-unsupported`: no graph model
 */
export function parseModelJson(bytes: Uint8Array, name: string, origin: ModelOrigin): ModelJson {
  let json: Partial<ModelJson> | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ModelJson> | null;
  } catch (cause) {
    if (origin === 'files') {
      const message = `${name} is no JSON. Choose the model.json that was exported with the weights.`;
      throw new FaceKeypointsError('model-corrupt', message, { cause });
    }
    // A single-page server answers a missing file with its index page.
    const message = `${name} is no JSON. Check that the model is deployed there.`;
    throw new FaceKeypointsError('model-missing', message, { cause });
  }
  if (json?.format !== 'graph-model' || !json.modelTopology || !isManifest(json.weightsManifest)) {
    throw new FaceKeypointsError(
      'model-unsupported',
      `${name} is not a tfjs graph model. Export the model as "graph-model".`,
    );
  }
  return json as ModelJson;
}

const isManifest = (groups: unknown): boolean =>
  Array.isArray(groups) &&
  groups.every(
    (group: Partial<ModelJson['weightsManifest'][number]> | null) =>
      Array.isArray(group?.weights) &&
      group.weights.every((spec) => Array.isArray((spec as typeof spec | null)?.shape)) &&
      Array.isArray(group.paths) &&
      group.paths.every((path) => typeof path === 'string'),
  );

export const weightSpecs = ({ weightsManifest }: ModelJson): NonNullable<ModelArtifacts['weightSpecs']> =>
  weightsManifest.flatMap((group) => group.weights);

export const weightPaths = ({ weightsManifest }: ModelJson): string[] =>
  weightsManifest.flatMap((group) => group.paths);

/** Bytes of all weights, unpacked. */
export const weightBytes = (json: ModelJson): number =>
  weightSpecs(json).reduce((sum, spec) => sum + specBytes(spec), 0);

/** Bytes that a weight takes in the file. Sizes of the types: tfjs manifest format. */
export function specBytes(spec: NonNullable<ModelArtifacts['weightSpecs']>[number]): number {
  const type = spec.quantization ? spec.quantization.dtype : spec.dtype;
  const bytes = { float32: 4, int32: 4, complex64: 8, float16: 2, uint16: 2, uint8: 1, bool: 1, string: NaN }[
    type
  ];
  return bytes * spec.shape.reduce((product, side) => product * side, 1);
}

/**
 * The model in memory, out of its parts in the order of `weightPaths`.
 * @throws FaceKeypointsError `model-corrupt`: more or fewer bytes than `model.json` says
 */
export function assembleModel(json: ModelJson, shards: readonly Uint8Array[], name: string): ModelArtifacts {
  const total = weightBytes(json);
  const length = shards.reduce((sum, shard) => sum + shard.length, 0);
  if (length !== total) {
    throw new FaceKeypointsError(
      'model-corrupt',
      `The weights of ${name} have ${length} bytes where ${total} are due. Take model.json and its weights from one export.`,
    );
  }
  return {
    format: json.format,
    modelTopology: json.modelTopology,
    ...(json.signature && { signature: json.signature }),
    ...(json.userDefinedMetadata && { userDefinedMetadata: json.userDefinedMetadata }),
    weightSpecs: weightSpecs(json),
    weightData: joinBytes(shards, total),
  };
}

/**
 * Compares a weight file with the SHA-256 that `model.json` gives of it. Without one, and outside secure contexts, where
 * browsers compute none, there is nothing to compare.
 * @throws FaceKeypointsError `model-corrupt`
 */
export async function verifyShard(
  bytes: Uint8Array,
  expected: string | undefined,
  name: string,
): Promise<void> {
  if (!expected || !globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== expected.toLowerCase()) {
    throw new FaceKeypointsError(
      'model-corrupt',
      `${name} is not the file that its model.json names (SHA-256 ${hex}). Load it again; if it stays so, take both files from one export.`,
    );
  }
}

export function joinBytes(parts: readonly Uint8Array[], length: number): ArrayBuffer {
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part.subarray(0, length - offset), offset);
    offset += part.length;
  }
  return out.buffer;
}
