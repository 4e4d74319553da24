import type { Engine } from '../engines/engine.ts';
import { predictFaces, type FaceCrops, type FacePrediction } from '../evaluation/face-predictions.ts';
import { summarize } from '../evaluation/metrics.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import type { FoldedLayer } from './fold.ts';
import type { LayerHooks } from './folded-layers.ts';
import { FoldedNetwork } from './folded-network.ts';

/** Measures variants of one network on the same faces. */
export class Bench {
  constructor(
    readonly engine: Engine,
    readonly network: LandmarkNetwork,
    readonly faces: FaceCrops,
  ) {}

  predictions(layers: ReadonlyMap<string, FoldedLayer>, hooks: LayerHooks = {}): FacePrediction[] {
    const runner = new FoldedNetwork(this.engine, this.network, layers);
    const predictions = predictFaces(this.faces, (crops, size) => runner.predict(crops, size, hooks));
    runner.dispose();
    return predictions;
  }

  /** Mean inter-ocular NME, %. */
  nme(layers: ReadonlyMap<string, FoldedLayer>, hooks: LayerHooks = {}): number {
    return summarize(this.predictions(layers, hooks)).nme;
  }
}
