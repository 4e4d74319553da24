export interface Parts {
  readonly bar: HTMLElement;
  /** Over the picture. */
  readonly over: HTMLElement;
  readonly panel: HTMLElement;
  readonly batch: HTMLElement;
  readonly notice: HTMLElement;
}

/**
 * Where the keyboard goes on when the control that had the focus is gone: as near to it as there is something. The
 * browser itself would begin again at the top of the page.
 */
export class Focus {
  readonly #parts: Parts;
  /** The row of the table that was opened. */
  #row: HTMLElement | undefined;
  /** Where the focus went when a notice was answered; the next notice may take it from there. */
  #answered: Element | undefined;

  /** Where the focus was before it went to what lies over the picture. */
  #below: HTMLElement | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.over.addEventListener('focusin', ({ relatedTarget }) => {
      const from = relatedTarget instanceof HTMLElement ? relatedTarget : undefined;
      if (!from || !parts.over.contains(from)) this.#below = from;
    });
  }

  /** Draws, and looks after the focus. */
  keep(draw: () => void): void {
    const { notice, batch } = this.#parts;
    const before = focused();
    const within = before && Object.values(this.#parts).find((part: HTMLElement) => part.contains(before));
    const hadNotice = !notice.hidden;
    const hadTable = !batch.hidden;
    const id = before?.id;
    draw();
    // A place of the bar that has got another use is another control, which a held key must not press.
    const replaced = within === this.#parts.bar && before?.id !== id;
    if (before && (replaced || isGone(before))) this.#moveOn(before, within);
    if (!hadTable && !batch.hidden) this.#backToRow();
    if (!hadNotice && !notice.hidden) this.#toNotice();
  }

  #moveOn(before: HTMLElement, within: HTMLElement | undefined): void {
    const { panel, batch, notice, over } = this.#parts;
    if (within === batch) this.#row = before;
    const next =
      within === panel
        ? this.#nearPanel()
        : within === over
          ? this.#backFromOver(before)
          : this.#inBar(within === batch ? '#back' : undefined);
    focus(next);
    this.#answered = within === notice ? (next ?? undefined) : undefined;
  }

  #nearPanel(): HTMLElement | null {
    const { panel } = this.#parts;
    return panel.hidden ? this.#inBar('#details') : panel.querySelector('[role=tab][aria-selected=true]');
  }

  /** From a remark to where one was before it; a camera's own button comes back at the same place, and is not pressed on. */
  #backFromOver(before: HTMLElement): HTMLElement | null {
    const below = before.id === 'remark-close' ? this.#below : undefined;
    return below && !isGone(below) ? below : this.#inBar();
  }

  /** By default where a second press by mistake, or a held key, does no harm: Details only opens and closes. */
  #inBar(selector = '#details'): HTMLElement | null {
    const { bar } = this.#parts;
    return bar.querySelector<HTMLElement>(selector) ?? bar.querySelector<HTMLElement>('#details');
  }

  #backToRow(): void {
    if (this.#row?.isConnected) focus(this.#row, false);
    this.#row = undefined;
  }

  /** The way out, for those at the keyboard; nobody else's focus is taken. */
  #toNotice(): void {
    const now = focused();
    if (!now || now === this.#answered) focus(this.#parts.notice.querySelector('button'));
    this.#answered = undefined;
  }
}

function focused(): HTMLElement | undefined {
  const { activeElement, body } = document;
  return activeElement instanceof HTMLElement && activeElement !== body ? activeElement : undefined;
}

/**
 * Browsers take the focus from a hidden element only later. The page hides by `hidden` alone, which is asked for here:
 * to measure the element would cost a layout each frame.
 */
const isGone = (element: HTMLElement): boolean =>
  !element.isConnected || element.closest('[hidden]') !== null;

function focus(element: HTMLElement | null, preventScroll = true): void {
  element?.focus({ preventScroll });
}
