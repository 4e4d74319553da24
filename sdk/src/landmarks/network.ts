import { FaceKeypointsError } from '../errors.ts';
import { loadGraph } from '../runtime/graph.ts';
import { loadModelArtifacts, type LoadOptions, type ModelSource } from '../runtime/model-store.ts';
import { prepareGraph, type PreparedGraph } from '../runtime/prepare-graph.ts';
import { orDispose } from '../runtime/load-together.ts';
import { Runner } from '../runtime/runner.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { GraphModel, ModelArtifacts, Tensor, Tensor4D } from '../runtime/tf.ts';
import { foldConvolutions } from './fold.ts';
import { meanOutput, outputOf, unmirrored, type LandmarkOutput } from './output.ts';

/** `format` in the metadata of the models that this version reads. */
export const MODEL_FORMAT = 'face-keypoints/1';

/** `userDefinedMetadata` of a landmark model. */
export interface LandmarkMetadata {
  readonly format: typeof MODEL_FORMAT;
  readonly name?: string;
  readonly schema: 'ibug68';
  /** Side of the crop, px. */
  readonly inputSize: number;
  readonly normalization: 'per-crop';
  /** Side of the crop over the longer side of the landmarks' box. */
  readonly cropFactor: number;
  /** How far right of where their mirror images would have them the markup has its points, crop units; 0 by default. */
  readonly markupShift?: number;
  readonly data?: readonly unknown[];
  readonly terms?: string;
  readonly measured?: Readonly<Record<string, unknown>>;
  readonly sha256?: Readonly<Record<string, string>>;
}

const OUTPUTS = ['keypoints', 'spread', 'presence'] as const;

/** The landmark model on a runtime. */
export class LandmarkNetwork {
  readonly metadata: LandmarkMetadata;
  readonly #runtime: Runtime;
  readonly #model: GraphModel;
  readonly #runner: Runner;
  /** Of crops and their mirror images, one behind the other. */
  readonly #mirrored: Runner;
  readonly #release: () => void;

  private constructor(runtime: Runtime, model: GraphModel, metadata: LandmarkMetadata, release: () => void) {
    this.#runtime = runtime;
    this.#model = model;
    this.metadata = metadata;
    const shape = [metadata.inputSize, metadata.inputSize, 1] as const;
    this.#runner = new Runner(runtime, { compute: (crops) => this.#execute(crops), shape });
    // Two runs: on WebGL another batch size would be another set of shaders to compile.
    const compute = (crops: Tensor4D): Tensor =>
      runtime.tf.concat([this.#execute(crops), this.#execute(runtime.tf.reverse(crops, 2))]);
    this.#mirrored = new Runner(runtime, { compute, shape });
    this.#release = release;
  }

  /** @throws FaceKeypointsError `model-missing`, `model-corrupt`, `model-unsupported`; the signal's reason when aborted */
  static async load(runtime: Runtime, source: ModelSource, options?: LoadOptions): Promise<LandmarkNetwork> {
    const network = await LandmarkNetwork.#from(runtime, await loadModelArtifacts(source, options));
    return orDispose(network, network.#prepare(options?.signal));
  }

  static async #from(runtime: Runtime, artifacts: ModelArtifacts): Promise<LandmarkNetwork> {
    const metadata = readMetadata(artifacts);
    let graph: PreparedGraph | undefined;
    try {
      graph = await prepareGraph(runtime, foldConvolutions(artifacts));
      const model = await loadGraph(runtime, graph.artifacts);
      const missing = OUTPUTS.filter((name) => !model.outputNodes.includes(name));
      if (missing.length > 0) {
        model.dispose();
        throw new Error(`it has no output named ${missing.join(', ')}`);
      }
      return new LandmarkNetwork(runtime, model, metadata, graph.release);
    } catch (cause) {
      graph?.release();
      if (cause instanceof FaceKeypointsError) throw cause;
      throw new FaceKeypointsError(
        'model-unsupported',
        `The landmark model cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. Export it again.`,
        { cause },
      );
    }
  }

  async #prepare(signal?: AbortSignal): Promise<void> {
    await this.#runner.prepare(signal);
    // There are few shaders more.
    await this.#mirrored.prepare(signal);
  }

  /**
   * @param crops `[n, size, size, 1]`, normalised; a buffer stays the caller's
   * @throws FaceKeypointsError `device-lost`, `unexpected`
   */
  async predict(crops: Float32Array | GPUBuffer, n: number): Promise<LandmarkOutput> {
    return outputOf(await this.#runner.run(crops, n));
  }

  /**
   * The mean of what it says of the crops and of their mirror images: two runs where `predict` has one, for points a
   * hundredth nearer.
   * @throws FaceKeypointsError as `predict`
   */
  async predictWithMirror(crops: Float32Array | GPUBuffer, n: number): Promise<LandmarkOutput> {
    const values = await this.#mirrored.run(crops, n);
    const half = values.length / 2;
    const ofMirror = unmirrored(outputOf(values.subarray(half)), this.metadata.markupShift);
    return meanOutput(outputOf(values.subarray(0, half)), ofMirror);
  }

  /** `[n, 205]`. One tensor, hence one trip from the GPU. */
  #execute(input: Tensor4D): Tensor {
    return this.#runtime.tf.concat(this.#model.execute(input, [...OUTPUTS]) as Tensor[], 1);
  }

  dispose(): void {
    this.#runner.dispose();
    this.#mirrored.dispose();
    // Tensors on a lost device went with it.
    if (!this.#runtime.lost) this.#model.dispose();
    this.#release();
  }
}

function readMetadata(artifacts: ModelArtifacts): LandmarkMetadata {
  const metadata = (artifacts.userDefinedMetadata ?? {}) as Partial<Record<keyof LandmarkMetadata, unknown>>;
  const expect = (key: keyof LandmarkMetadata, value: string): void => {
    if (metadata[key] !== value) {
      throw new FaceKeypointsError(
        'model-unsupported',
        `The model's ${key} is "${String(metadata[key])}"; this version reads "${value}". Use a model exported for it.`,
      );
    }
  };
  expect('format', MODEL_FORMAT);
  expect('schema', 'ibug68');
  expect('normalization', 'per-crop');
  for (const key of ['inputSize', 'cropFactor'] as const) {
    const value = metadata[key];
    if (!(typeof value === 'number' && value > 0)) {
      throw new FaceKeypointsError(
        'model-unsupported',
        `The model names no ${key} in its metadata. Export it again.`,
      );
    }
  }
  const { markupShift = 0 } = metadata;
  if (typeof markupShift !== 'number' || !(Math.abs(markupShift) < 1)) {
    const message = `The model's markupShift is ${String(markupShift)}, not a share of the crop. Export it again.`;
    throw new FaceKeypointsError('model-unsupported', message);
  }
  return metadata as unknown as LandmarkMetadata;
}
