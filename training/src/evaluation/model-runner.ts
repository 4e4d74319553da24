import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { modelArtifacts, type ModelFile, type ModelMetadata } from '../export/model-file.ts';

/** An exported model as plain tfjs runs it. */
export class ModelRunner {
  private constructor(
    private readonly engine: Engine,
    private readonly model: GraphModel,
    readonly metadata: ModelMetadata,
  ) {}

  static async load(engine: Engine, file: ModelFile): Promise<ModelRunner> {
    const artifacts = modelArtifacts(file);
    const model = await engine.tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
    return new ModelRunner(engine, model, file.json.userDefinedMetadata);
  }

  /** `[n, size, size]` normalised crops to `[n, 136]` crop coordinates. */
  keypoints(crops: Float32Array): Float32Array {
    const { tf } = this.engine;
    const { inputSize } = this.metadata;
    return tf.tidy(() => {
      const n = crops.length / (inputSize * inputSize);
      const output = this.model.execute(
        { crop: tf.tensor(crops, [n, inputSize, inputSize, 1]) },
        'keypoints',
      ) as Tensor;
      return Float32Array.from(output.dataSync());
    });
  }

  dispose(): void {
    this.model.dispose();
  }
}
