import type { Engine } from '../engines/engine.ts';
import { summarize } from '../evaluation/metrics.ts';
import { evaluatePrepared, type FaceResult, type PreparedFaces } from '../evaluation/on-samples.ts';
import { reportPresence, type PresenceReport } from '../evaluation/presence.ts';
import type { InputSettings } from '../inputs/input.ts';
import type { LandmarkNetwork } from '../models/layers.ts';
import type { FoldedLayer } from './fold.ts';
import type { LayerHooks } from './folded-layers.ts';
import { FoldedNetwork } from './folded-network.ts';

/** Measures variants of one network on the same faces. */
export class Bench {
  constructor(
    readonly engine: Engine,
    readonly network: LandmarkNetwork,
    readonly faces: PreparedFaces,
  ) {}

  results(layers: ReadonlyMap<string, FoldedLayer>, hooks: LayerHooks = {}): FaceResult[] {
    const runner = new FoldedNetwork(this.engine, this.network, layers);
    const { width } = this.faces.input;
    const results = evaluatePrepared(this.faces, (crops) => runner.predict(crops, width, hooks));
    runner.dispose();
    return results;
  }

  /** How the faces are kept, and crops beside, inside and around them refused; undefined in networks that are not asked. */
  async presence(
    layers: ReadonlyMap<string, FoldedLayer>,
    settings: InputSettings,
  ): Promise<PresenceReport | undefined> {
    const runner = new FoldedNetwork(this.engine, this.network, layers);
    const predict = (crops: Float32Array) => runner.predict(crops, settings.size);
    const report = await reportPresence(evaluatePrepared(this.faces, predict), [], settings, predict);
    runner.dispose();
    return report;
  }

  /** Mean inter-ocular NME, %. */
  nme(layers: ReadonlyMap<string, FoldedLayer>, hooks: LayerHooks = {}): number {
    return summarize(this.results(layers, hooks)).nme;
  }
}
