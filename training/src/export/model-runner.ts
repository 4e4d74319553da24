import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { modelArtifacts, type ModelFile, type ModelMetadata } from './model-file.ts';
import { readPredictions, type Predictions } from '../models/predictions.ts';

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

  /** @param crops `[n, size, size]`, normalised */
  async predict(crops: Float32Array): Promise<Predictions> {
    const { tf } = this.engine;
    const { inputSize } = this.metadata;
    const n = crops.length / (inputSize * inputSize);
    const [keypoints, spread, presence] = tf.tidy(
      () =>
        this.model.execute({ crop: tf.tensor(crops, [n, inputSize, inputSize, 1]) }, [
          'keypoints',
          'spread',
          'presence',
        ]) as Tensor[],
    );
    return readPredictions(keypoints, spread, presence);
  }

  dispose(): void {
    this.model.dispose();
  }
}
