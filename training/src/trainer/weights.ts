import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Engine, InPlaceUpdates, ResidentWeight } from '../engines/engine.ts';
import type { BatchStatistics } from '../models/gradient-layers.ts';
import type { Parameter } from '../models/parameters.ts';
import type { ModelState } from './model-state.ts';
import { ADAM, adamScale, adamStep, averagingAt, follow } from './optimizer.ts';
import type { TrainSettings } from './settings.ts';

/** How a step moves the weights. */
export interface StepSettings extends Pick<TrainSettings, 'averaging' | 'momentum'> {
  readonly rate: number;
  /** Counted from 1. */
  readonly step: number;
}

/** A run's weights from step to step, wherever they are. */
export interface Weights {
  /** Names of those that take a gradient. */
  readonly trainable: readonly string[];
  /** Those, in their order. Call it in `tf.tidy`. */
  tensors(): Tensor[];
  /**
   * Steps the weights and has the running statistics follow.
   * @param gradients in the order of `trainable`
   * @param onPart called after each gradient is read back, and after each update
   */
  update(
    gradients: readonly Tensor[],
    statistics: readonly BatchStatistics[],
    settings: StepSettings,
    onPart?: (part: 'read back' | 'update') => void,
  ): void;
  /** A step's loss: read now, or where weights stay in the engine's memory when it is there. */
  lossOf(value: Scalar): number | Promise<number>;
  /** Brings what was learned to the state that these weights are of. */
  save(): Promise<void>;
  dispose(): void;
}

/** Where the engine can step weights in its own memory, they stay there. */
export function weightsOf(engine: Engine, state: ModelState): Weights {
  return engine.inPlace ? new ResidentWeights(engine, engine.inPlace, state) : new HostWeights(engine, state);
}

function trainableOf({ parameters }: ModelState): string[] {
  return [...parameters].filter(([, { trainable }]) => trainable).map(([name]) => name);
}

function entryOf<T>(map: ReadonlyMap<string, T>, name: string): T {
  const entry = map.get(name);
  if (!entry) throw new Error(`the run has no ${name}`);
  return entry;
}

/** Statistics of a batch beside the parameters that follow them. */
function* followers(statistics: readonly BatchStatistics[]): Generator<[name: string, seen: Tensor]> {
  for (const { name, mean, variance } of statistics) {
    yield [`${name}/mean`, mean];
    yield [`${name}/variance`, variance];
  }
}

/** In the state's own arrays: sent to the engine for each step, and stepped by JavaScript. */
class HostWeights implements Weights {
  readonly trainable: readonly string[];

  constructor(
    private readonly engine: Engine,
    private readonly state: ModelState,
  ) {
    this.trainable = trainableOf(state);
  }

  tensors(): Tensor[] {
    return this.trainable.map((name) => {
      const { values, shape } = this.parameter(name);
      return this.engine.tf.tensor(values, [...shape]);
    });
  }

  update(
    gradients: readonly Tensor[],
    statistics: readonly BatchStatistics[],
    { rate, step, averaging, momentum }: StepSettings,
    onPart: (part: 'read back' | 'update') => void = () => {},
  ): void {
    const { moments } = this.state;
    const average = averagingAt(step, averaging);
    this.trainable.forEach((name, i) => {
      const gradient = gradients[i].dataSync() as Float32Array;
      onPart('read back');
      adamStep(this.parameter(name), entryOf(moments, name), gradient, rate, step, average);
      onPart('update');
    });
    for (const [name, seen] of followers(statistics)) {
      follow(
        this.parameter(name),
        entryOf(moments, name),
        seen.dataSync() as Float32Array,
        momentum,
        average,
      );
    }
  }

  private parameter(name: string): Parameter {
    return entryOf(this.state.parameters, name);
  }

  lossOf(value: Scalar): number {
    return value.dataSync()[0];
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {}
}

/** In the engine's memory from the run's start to its end; the state's arrays are brought up to date by `save`. */
class ResidentWeights implements Weights {
  readonly trainable: readonly string[];
  private readonly weights: ReadonlyMap<string, ResidentWeight>;

  constructor(
    private readonly engine: Engine,
    private readonly inPlace: InPlaceUpdates,
    private readonly state: ModelState,
  ) {
    this.trainable = trainableOf(state);
    this.weights = new Map(
      [...state.parameters].map(([name, { values, shape }]) => {
        const { first, second, average } = entryOf(state.moments, name);
        const resident = (array: Float32Array) => engine.tf.tensor(array.slice(), [...shape]);
        return [
          name,
          {
            values: resident(values),
            first: resident(first),
            second: resident(second),
            average: resident(average),
          },
        ];
      }),
    );
  }

  tensors(): Tensor[] {
    return this.trainable.map((name) => entryOf(this.weights, name).values);
  }

  update(
    gradients: readonly Tensor[],
    statistics: readonly BatchStatistics[],
    { rate, step, averaging, momentum }: StepSettings,
  ): void {
    const average = averagingAt(step, averaging);
    const weights = this.trainable.map((name, i) => ({
      ...entryOf(this.weights, name),
      gradient: gradients[i],
    }));
    this.inPlace.adam(weights, { ...ADAM, scale: adamScale(rate, step), averaging: average });
    const followed = Array.from(followers(statistics), ([name, seen]) => ({
      ...entryOf(this.weights, name),
      seen,
    }));
    this.inPlace.follow(followed, momentum, average);
  }

  async lossOf(value: Scalar): Promise<number> {
    return (await this.inPlace.read(value))[0];
  }

  async save(): Promise<void> {
    const { parameters, moments } = this.state;
    for (const [name, weight] of this.weights) {
      const arrays = { values: entryOf(parameters, name).values, ...entryOf(moments, name) };
      for (const key of ['values', 'first', 'second', 'average'] as const)
        arrays[key].set(await this.inPlace.read(weight[key]));
    }
  }

  dispose(): void {
    for (const { values, first, second, average } of this.weights.values())
      this.engine.tf.dispose([values, first, second, average]);
  }
}
