import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs';
import type { LandmarkNetwork } from '../models/layers.ts';
import type { ErrorLaw } from '../evaluation/error-law.ts';
import { GraphLayers, type GraphValue, type GraphWeight } from './graph-layers.ts';
import type { QuantizedLayers } from './quantize.ts';

const WEIGHTS = 'weights.bin';

/** What a model file says of itself (`userDefinedMetadata`). */
export interface ModelMetadata {
  readonly format: 'face-keypoints/1';
  readonly name: string;
  /** By the name that `npm run train -- --network` takes; older files: `name`. */
  readonly network?: string;
  readonly schema: 'ibug68';
  readonly inputSize: number;
  readonly normalization: 'per-crop';
  readonly cropFactor: number;
  /**
   * How far right of where their mirror images would have them the markup has its points, crop units: part of `keypoints`.
   * Whoever takes the mean with a mirror image needs it. Absent: 0.
   */
  readonly markupShift?: number;
  /** Sets that it was trained on. */
  readonly data: readonly string[];
  readonly terms: string;
  readonly measured: {
    readonly split: string;
    readonly faces: number;
    /** Inter-ocular NME, %. */
    readonly nmeFloat: number;
    readonly nmeQuantized: number;
    /** With activations rounded to 8 bits as well, where that was measured. */
    readonly nmeActivations8?: number;
  } | null;
  /** How often the network was fitted, and where; absent where that is not known. */
  readonly training?: Training;
  readonly quantization?: Quantization;
  /** How the error of a point is distributed about its mean, `spread`. */
  readonly calibration?: SpreadCalibration;
  /**
   * Largest magnitude that 8 bits should hold of what each layer is given (symmetric, one scale a tensor), for kernels that
   * compute with whole numbers.
   */
  readonly activationRanges?: Readonly<Record<string, number>>;
  /** Hexadecimal, by file name. */
  readonly sha256: Readonly<Record<string, string>>;
}

export interface Training {
  /** Training crops seen. */
  readonly crops: number;
  readonly seed: number;
  readonly engine: string;
  /** It began with the weights of an earlier model, whose crops are not counted here. */
  readonly continued?: boolean;
  /** A teacher corrected labels of the sets that are noisy. */
  readonly taught?: boolean;
  /** Runs whose weights were averaged, of which `crops` are the sum and the rest is told of the first. */
  readonly averaged?: number;
}

export interface Quantization {
  /** `nearest`: 255 levels in each channel. `feedback`: steps by sensitivity, error feedback, corrected biases. */
  readonly method: 'nearest' | 'feedback';
  /** Different levels that each layer's channel uses, on average. */
  readonly levels: Readonly<Record<string, number>>;
  /** Bytes of the weights file as it is, by `gzip -9` and by brotli. */
  readonly bytes: { readonly plain: number; readonly gzip: number; readonly brotli: number };
}

export interface SpreadCalibration extends ErrorLaw {
  /** Faces that it was fitted on. */
  readonly split: string;
  readonly faces: number;
  /** Quantiles of the distance, in units of `spread`. */
  readonly median: number;
  readonly ninetieth: number;
}

/** What is known of a model before its file is made. */
export type ModelDescription = Omit<ModelMetadata, 'format' | 'schema' | 'normalization' | 'sha256'>;

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

/** `network` as a tfjs GraphModel with kernels as they were quantized. */
export function modelFileOf(
  network: LandmarkNetwork,
  quantized: QuantizedLayers,
  metadata: ModelDescription,
): ModelFile {
  const layers = new GraphLayers(quantized);
  const crop = layers.input('crop', [metadata.inputSize, metadata.inputSize, 1]);
  const { keypoints, spread, presence } = network(layers, crop, metadata.markupShift);
  // Kernels first: floats between them would spoil the compressor's statistics.
  const ordered = [
    ...layers.weights.filter(({ quantization }) => quantization),
    ...layers.weights.filter(({ quantization }) => !quantization),
  ];
  const weights = Buffer.concat(ordered.map(({ bytes }) => bytes));
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
      weightsManifest: [{ paths: [WEIGHTS], weights: ordered.map(({ bytes: _bytes, ...entry }) => entry) }],
    },
  };
}

/** The file with what only its finished weights tell. */
export function withQuantization(file: ModelFile, quantization: Quantization): ModelFile {
  const { json } = file;
  return { ...file, json: { ...json, userDefinedMetadata: { ...json.userDefinedMetadata, quantization } } };
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
  const json = parsed(await readFile(file, 'utf8'));
  if (!json?.weightsManifest || !json.userDefinedMetadata)
    throw new Error(`${file} is no exported model: take the model.json that \`npm run export\` writes`);
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((shard) => readFile(join(dirname(file), shard))));
  return { json, weights: Buffer.concat(shards) };
}

function parsed(text: string): ModelFile['json'] | undefined {
  try {
    return JSON.parse(text) as ModelFile['json'];
  } catch {
    return undefined;
  }
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
