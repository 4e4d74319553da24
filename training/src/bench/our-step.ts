import type { Engine } from '../engines/engine.ts';
import type { PointNetwork } from '../models/layers.ts';
import { trainableCount } from '../models/parameters.ts';
import { inputStep } from '../inputs/input.ts';
import { buildState, type ModelState } from '../trainer/model-state.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import { trainStep, type StepPart } from '../trainer/step.ts';
import type { Batch } from '../augmentation/pool.ts';
import { randomBatch } from './random-batch.ts';

/** The step of `npm run train`, again and again on one random batch. */
export class OurStep {
  readonly state: ModelState;
  private readonly batch: Batch;
  private done = 0;

  constructor(
    private readonly engine: Engine,
    private readonly network: PointNetwork,
    private readonly settings: TrainSettings,
  ) {
    this.batch = randomBatch(settings);
    this.state = buildState(engine, network, this.batch.crops, inputStep(settings), {
      seed: settings.seed,
      layers: new Map(),
    });
  }

  /** Number of trainable weights. */
  get weights(): number {
    return trainableCount(this.state.parameters);
  }

  run(batch = this.batch, onPart?: (part: StepPart) => void): void {
    const { engine, network, state, settings } = this;
    trainStep(engine, network, state, batch, settings, settings.rate, ++this.done, onPart);
  }

  /** @returns seconds that `steps` steps took */
  time(steps: number): number {
    const started = performance.now();
    for (let i = 0; i < steps; i++) this.run();
    return (performance.now() - started) / 1000;
  }
}
