import type { Engine } from '../engines/engine.ts';
import type { PointNetwork } from '../models/layers.ts';
import { trainableCount } from '../models/parameters.ts';
import { inputStep } from '../inputs/input.ts';
import { buildState, type ModelState } from '../trainer/model-state.ts';
import { weightsOf, type Weights } from '../trainer/weights.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import { trainStep, type StepPart } from '../trainer/step.ts';
import type { Batch } from '../augmentation/pool.ts';
import { randomBatch } from './random-batch.ts';

/** The step of `npm run train`, again and again on one random batch. */
export class OurStep {
  private done = 0;
  private readonly weights: Weights;

  private constructor(
    private readonly engine: Engine,
    private readonly network: PointNetwork,
    private readonly settings: TrainSettings,
    private readonly batch: Batch,
    private readonly state: ModelState,
  ) {
    this.weights = weightsOf(engine, state);
  }

  static async create(engine: Engine, network: PointNetwork, settings: TrainSettings): Promise<OurStep> {
    const batch = randomBatch(settings);
    const initial = { seed: settings.seed, layers: new Map() };
    const state = await buildState(engine, network, batch.crops, inputStep(settings), initial);
    return new OurStep(engine, network, settings, batch, state);
  }

  /** Number of trainable weights. */
  get weightCount(): number {
    return trainableCount(this.state.parameters);
  }

  run(batch = this.batch, onPart?: (part: StepPart) => void): Promise<number> {
    const { engine, network, weights, settings } = this;
    return trainStep(engine, network, weights, batch, settings, settings.rate, ++this.done, onPart);
  }

  /** @returns seconds that `steps` steps took */
  async time(steps: number): Promise<number> {
    const started = performance.now();
    let last: Promise<number> | undefined;
    for (let i = 0; i < steps; i++) {
      const next = this.run();
      await last;
      last = next;
    }
    await last;
    return (performance.now() - started) / 1000;
  }
}
