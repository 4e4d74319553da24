/** A value that tells its listeners when it changes; they hear once per turn, however many changes there were. */
export class Store<S extends object> {
  #state: S;
  #told = true;
  readonly #listeners = new Set<(state: Readonly<S>) => void>();

  constructor(state: S) {
    this.#state = state;
  }

  get state(): Readonly<S> {
    return this.#state;
  }

  set(patch: Partial<S>): void {
    this.#state = { ...this.#state, ...patch };
    if (!this.#told) return;
    this.#told = false;
    queueMicrotask(() => {
      this.#told = true;
      for (const listener of this.#listeners) listener(this.#state);
    });
  }

  subscribe(listener: (state: Readonly<S>) => void): void {
    this.#listeners.add(listener);
  }
}
