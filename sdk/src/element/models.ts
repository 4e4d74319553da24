/** The element's tracker: made once for the options given, kept over inputs, given back with the element. */
import { createTracker } from '../worker/client.ts';
import { sumProgress } from '../runtime/sum-progress.ts';
import type { Tracker, TrackingOptions } from '../tracker.ts';

export type CreateTracker = typeof createTracker;
export type ModelOptions = NonNullable<Parameters<CreateTracker>[0]>;

export interface ModelsEvents {
  /** Bytes of all model files together; a total of 0 while it is unknown. */
  progress(sum: { loaded: number; total: number }): void;
  ready(tracker: Tracker): void;
}

export class Models {
  readonly #events: ModelsEvents;
  readonly #create: CreateTracker;
  #loading: { readonly tracker: Promise<Tracker>; readonly abort: AbortController } | undefined;
  #tracker: Tracker | undefined;
  #changes: Partial<TrackingOptions> = {};

  /** @param create as `createTracker`, for tests */
  constructor(events: ModelsEvents, create: CreateTracker = createTracker) {
    this.#events = events;
    this.#create = create;
  }

  /** Once it is loaded. */
  get tracker(): Tracker | undefined {
    return this.#tracker;
  }

  /** Is given up by `unload()`: whoever waits for it then has not met a failure. */
  get signal(): AbortSignal | undefined {
    return this.#loading?.abort.signal;
  }

  /** The tracker, made with these options unless there is one already. Failed once, it is tried anew at the next call. */
  load(options: () => ModelOptions): Promise<Tracker> {
    if (!this.#loading) {
      const abort = new AbortController();
      this.#changes = {};
      const tracker = this.#make(options, abort.signal);
      const loading = { tracker, abort };
      this.#loading = loading;
      tracker.then(
        (made) => {
          if (this.#loading !== loading) return;
          this.#tracker = made;
          made.configure(this.#changes);
          this.#events.ready(made);
        },
        () => {
          if (this.#loading === loading) this.#loading = undefined;
        },
      );
    }
    return this.#loading.tracker;
  }

  /** Takes effect with the next frame; nothing is loaded again. */
  configure(changes: Partial<TrackingOptions>): void {
    // While it loads: kept until it is there.
    this.#changes = { ...this.#changes, ...changes };
    this.#tracker?.configure(changes);
  }

  /** Frees the models, or ends their loading. */
  unload(): void {
    const loading = this.#loading;
    this.#loading = undefined;
    this.#tracker = undefined;
    loading?.abort.abort();
    loading?.tracker.then(
      (tracker) => tracker.close(),
      () => undefined,
    );
  }

  async #make(options: () => ModelOptions, signal: AbortSignal): Promise<Tracker> {
    const onProgress = sumProgress((sum) => this.#events.progress(sum));
    return this.#create({
      ...options(),
      signal,
      onProgress: (progress) => {
        if (!signal.aborted) onProgress(progress);
      },
    });
  }
}
