/**
 * Lets the browser ask before the page is left, by Back, a reload or its tab's close. It listens only while there is
 * something to lose: a page that always does is not kept for Back and Forward by all browsers.
 */
export class LeaveGuard {
  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();

  hold(wanted: boolean): void {
    if (wanted) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }
}
