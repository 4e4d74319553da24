import type { Pixels } from '../crop/sample.ts';
import { FaceKeypointsError } from '../errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { loadGraph } from '../runtime/graph.ts';
import { loadModelArtifacts, type LoadOptions, type ModelSource } from '../runtime/model-store.ts';
import { orDispose } from '../runtime/load-together.ts';
import { Runner } from '../runtime/runner.ts';
import type { GraphModel, Tensor, Tensor4D } from '../runtime/tf.ts';
import { blazeFaceAnchors, blendOverlapping, decodeCandidates, VALUES } from './decode.ts';
import { letterboxOf, letterboxRgb } from './letterbox.ts';

/** A face that the detector found; px of the picture. */
export interface Detection {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Centres of the person's own right and left eye. */
  readonly eyes: { readonly right: readonly [number, number]; readonly left: readonly [number, number] };
  /** 0..1 */
  readonly score: number;
}

const INPUT_SIZE = 256;
/** Low, as the landmark network tells what is a face after all. */
const MIN_SCORE = 0.3;
const MAX_OVERLAP = 0.3;

/**
 * BlazeFace for faces at up to a few metres, 256 px (model: Google, in the conversion that `@vladmandic/human` ships).
 * Four outputs: scores and values of the fine feature map (512 anchors) and of the coarse one (384).
 */
export class BlazeFace {
  readonly #runtime: Runtime;
  readonly #model: GraphModel;
  readonly #runner: Runner;
  readonly #anchors = blazeFaceAnchors(INPUT_SIZE);
  readonly #input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);

  private constructor(runtime: Runtime, model: GraphModel) {
    this.#runtime = runtime;
    this.#model = model;
    const shape = [INPUT_SIZE, INPUT_SIZE, 3] as const;
    this.#runner = new Runner(runtime, { compute: (input) => this.#execute(input), shape });
  }

  /** @throws FaceKeypointsError `model-missing`, `model-corrupt`, `model-unsupported`; the signal's reason when aborted */
  static async load(runtime: Runtime, source: ModelSource, options?: LoadOptions): Promise<BlazeFace> {
    const artifacts = await loadModelArtifacts(source, options);
    const model = await loadGraph(runtime, artifacts);
    const shape = model.inputs[0]?.shape;
    if (model.inputs.length !== 1 || model.outputNodes.length !== 4 || shape?.[1] !== INPUT_SIZE) {
      model.dispose();
      throw new FaceKeypointsError(
        'model-unsupported',
        'The detector is not the 256 px BlazeFace. Use the one that comes along.',
      );
    }
    const detector = new BlazeFace(runtime, model);
    return orDispose(detector, detector.#runner.prepare(options?.signal));
  }

  /** All faces in the picture, best first. @throws FaceKeypointsError `device-lost`, `unexpected` */
  async detect(image: Pixels): Promise<Detection[]> {
    letterboxRgb(image, INPUT_SIZE, this.#input);
    const values = await this.#runner.run(this.#input);
    const count = this.#anchors.length / 2;
    const candidates = decodeCandidates(
      values.subarray(0, count),
      values.subarray(count),
      this.#anchors,
      MIN_SCORE,
    );
    const { scale, dx, dy } = letterboxOf(image.width, image.height, INPUT_SIZE);
    const x = (value: number): number => (value - dx) / scale;
    const y = (value: number): number => (value - dy) / scale;
    return blendOverlapping(candidates, MAX_OVERLAP).map(({ score, box, eyes }) => ({
      score,
      box: {
        x: x(box[0]),
        y: y(box[1]),
        width: (box[2] - box[0]) / scale,
        height: (box[3] - box[1]) / scale,
      },
      eyes: { right: [x(eyes[0]), y(eyes[1])], left: [x(eyes[2]), y(eyes[3])] },
    }));
  }

  /** Fine before coarse, scores before values; one tensor, hence one trip from the GPU. */
  #execute(input: Tensor4D): Tensor {
    const { tf } = this.#runtime;
    const outputs = this.#model.execute(input, this.#model.outputNodes) as Tensor[];
    const pick = (anchors: number, values: number): Tensor =>
      tf.reshape(
        outputs.find(({ shape }) => shape[1] === anchors && shape[2] === values)!,
        [-1],
      );
    return tf.concat([pick(512, 1), pick(384, 1), pick(512, VALUES), pick(384, VALUES)]);
  }

  dispose(): void {
    this.#runner.dispose();
    if (!this.#runtime.lost) this.#model.dispose();
  }
}
