/**
 * Lets the browser ask before the page is left, by Back, a reload or its tab's close. It listens only while there is
 * something to lose: a page that always does is not kept for Back and Forward by all browsers. Phones mostly do not ask,
 * least of all where a page is swiped away.
 */
export class LeaveGuard {
  #over = false;
  readonly #ask = (event: BeforeUnloadEvent): void => {
    event.preventDefault();
    // Chromium before 119 asks for nothing else.
    event.returnValue = true;
  };

  hold(wanted: boolean): void {
    if (wanted && !this.#over) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }

  /** For good: the person has agreed that the page goes. */
  letGo(): void {
    this.#over = true;
    this.hold(false);
  }
}
