import type { FaceKeypointsElement } from 'face-keypoints/define';
import type { Compare } from './compare.ts';
import type { Session } from './session.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

export interface ComparingParts {
  readonly store: Store<State>;
  readonly element: FaceKeypointsElement;
  readonly session: Session;
  readonly compare: Compare;
}

/** When two models are compared: from the button, across cameras, to the end of the stream. */
export class Comparing {
  readonly #parts: ComparingParts;
  /** Of the camera that both wait for. */
  #change = new AbortController();

  constructor(parts: ComparingParts) {
    this.#parts = parts;
    // It ends with its stream: the second element's complaint must not take the place of the reason.
    parts.store.subscribe(({ problem, comparison }) => {
      if (problem && comparison) this.end();
    });
  }

  toggle(): void {
    if (this.#parts.store.state.comparison) this.end();
    else this.#start();
  }

  end(): void {
    const { compare, store } = this.#parts;
    this.#change.abort();
    compare.stop();
    store.set({ comparison: undefined });
  }

  /** Goes on with the stream that comes of it, unless it was ended, or another was asked for, meanwhile. */
  async across(change: () => Promise<void>): Promise<void> {
    const { compare, store } = this.#parts;
    this.#change.abort();
    const { signal } = (this.#change = new AbortController());
    compare.pause();
    await change();
    if (!signal.aborted && store.state.comparison) this.#start();
  }

  /** The settings of the other element. */
  follow(): void {
    const { compare, element, store } = this.#parts;
    compare.follow(element, store.state.settings.model);
  }

  #start(): void {
    const { store, session, compare, element } = this.#parts;
    const { stream } = session;
    if (!stream) return;
    compare.start(stream, element, store.state.settings.model);
    store.set({ comparison: { ms: 0, difference: undefined } });
  }
}
