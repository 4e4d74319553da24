import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs';
import type { LandmarkNetwork } from '../models/layers.ts';
import type { Parameters } from '../models/parameters.ts';
import { foldLayers } from './fold.ts';
import { GraphLayers, type GraphValue, type GraphWeight } from './graph-layers.ts';

const WEIGHTS = 'weights.bin';

/** What a model file says of itself (`userDefinedMetadata`). */
export interface ModelMetadata {
  readonly format: 'face-keypoints/1';
  readonly name: string;
  readonly schema: 'ibug68';
  readonly inputSize: number;
  readonly normalization: 'per-crop';
  readonly cropFactor: number;
  /** Sets that it was trained on. */
  readonly data: readonly string[];
  readonly terms: string;
  readonly measured: {
    readonly split: string;
    readonly faces: number;
    /** Inter-ocular NME, %. */
    readonly nmeFloat: number;
    readonly nmeQuantized: number;
  } | null;
  /** Hexadecimal, by file name. */
  readonly sha256: Readonly<Record<string, string>>;
}

export interface ModelFile {
  readonly json: {
    readonly format: 'graph-model';
    readonly generatedBy: string;
    readonly convertedBy: null;
    readonly modelTopology: object;
    readonly signature: object;
    readonly userDefinedMetadata: ModelMetadata;
    readonly weightsManifest: { readonly paths: string[]; readonly weights: Omit<GraphWeight, 'bytes'>[] }[];
  };
  readonly weights: Uint8Array;
}

/** Writes `network` down as a tfjs GraphModel with uint8 kernels. */
export function makeModelFile(
  network: LandmarkNetwork,
  parameters: Parameters,
  metadata: Omit<ModelMetadata, 'format' | 'schema' | 'normalization' | 'sha256'>,
): ModelFile {
  const layers = new GraphLayers(foldLayers(parameters));
  const crop = layers.input('crop', [metadata.inputSize, metadata.inputSize, 1]);
  const { keypoints, spread, presence } = network(layers, crop);
  const weights = Buffer.concat(layers.weights.map(({ bytes }) => bytes));
  return {
    weights,
    json: {
      format: 'graph-model',
      generatedBy: 'face-keypoints',
      convertedBy: null,
      modelTopology: { node: layers.nodes, versions: { producer: 1 } },
      signature: {
        inputs: { crop: tensorInfo(crop) },
        outputs: {
          keypoints: tensorInfo(keypoints),
          spread: tensorInfo(spread),
          presence: tensorInfo(presence),
        },
      },
      userDefinedMetadata: {
        format: 'face-keypoints/1',
        schema: 'ibug68',
        normalization: 'per-crop',
        ...metadata,
        sha256: { [WEIGHTS]: createHash('sha256').update(weights).digest('hex') },
      },
      weightsManifest: [
        { paths: [WEIGHTS], weights: layers.weights.map(({ bytes: _bytes, ...entry }) => entry) },
      ],
    },
  };
}

function tensorInfo({ name, shape }: GraphValue): object {
  const dim = [-1, ...shape].map((size) => ({ size: String(size) }));
  return { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } };
}

export async function writeModelFile(folder: string, { json, weights }: ModelFile): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, WEIGHTS), weights);
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
}

/** @param path a `model.json`, or the folder that holds one */
export async function readModelFile(path: string): Promise<ModelFile> {
  const file = path.endsWith('.json') ? path : join(path, 'model.json');
  const json = JSON.parse(await readFile(file, 'utf8')) as ModelFile['json'];
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((shard) => readFile(join(dirname(file), shard))));
  return { json, weights: Buffer.concat(shards) };
}

/** The model as tfjs loads it. */
export function modelArtifacts({ json, weights }: ModelFile): io.ModelArtifacts {
  return {
    format: json.format,
    modelTopology: json.modelTopology,
    signature: json.signature,
    userDefinedMetadata: { ...json.userDefinedMetadata } as unknown as Record<string, object>,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights) as io.WeightsManifestEntry[],
    weightData: new Uint8Array(weights).buffer,
  };
}
