import type { Tensor } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import type { Predictions } from '../models/predictions.ts';
import type { FoldedLayer } from './fold.ts';
import {
  disposeLayers,
  FoldedLayers,
  uploadLayers,
  type LayerHooks,
  type LayerTensors,
} from './folded-layers.ts';

const BATCH = 32;

/** A network with folded weights, as it would be exported, in float32. */
export class FoldedNetwork {
  private readonly tensors: LayerTensors;

  constructor(
    private readonly engine: Engine,
    private readonly network: LandmarkNetwork,
    layers: ReadonlyMap<string, FoldedLayer>,
  ) {
    this.tensors = uploadLayers(engine, layers);
  }

  /** @param crops `[n, size, size]`, normalised */
  predict(crops: Float32Array, size: number, hooks: LayerHooks = {}): Predictions {
    const { tf } = this.engine;
    const pixels = size * size;
    const n = crops.length / pixels;
    const out = {
      keypoints: new Float32Array(n * 136),
      spread: new Float32Array(n * 68),
      presence: new Float32Array(n),
    };
    for (let start = 0; start < n; start += BATCH) {
      const part = crops.subarray(start * pixels, (start + BATCH) * pixels);
      tf.tidy(() => {
        const layers = new FoldedLayers(this.engine, this.tensors, hooks);
        const given = this.network<Tensor>(layers, tf.tensor(part, [part.length / pixels, size, size, 1]));
        out.keypoints.set(given.keypoints.dataSync(), start * 136);
        out.spread.set(given.spread.dataSync(), start * 68);
        out.presence.set(given.presence.dataSync(), start);
      });
    }
    return out;
  }

  dispose(): void {
    disposeLayers(this.engine, this.tensors);
  }
}
