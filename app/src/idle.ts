const DELAY = 4000;

/** While a face is followed and nobody touches anything, the controls step aside; any touch brings them back. */
export class StepAside {
  readonly #mayHide: () => boolean;
  #timer = 0;

  constructor(mayHide: () => boolean) {
    this.#mayHide = mayHide;
    for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin'])
      document.addEventListener(type, () => this.#touched(), { passive: true });
  }

  /** Brings the controls back where there is no longer a reason to hide them. */
  update(): void {
    if (!this.#mayHide()) document.body.removeAttribute('data-idle');
    else if (!this.#timer && !document.body.hasAttribute('data-idle')) this.#touched();
  }

  #touched(): void {
    document.body.removeAttribute('data-idle');
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      // Somebody at the keyboard would lose sight of where they are.
      const focused = document.activeElement?.matches(':focus-visible') ?? false;
      document.body.toggleAttribute('data-idle', this.#mayHide() && !focused);
    }, DELAY);
  }
}
