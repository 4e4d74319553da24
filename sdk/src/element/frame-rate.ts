/** Gaps longer than this, ms, are rests (a hidden page, a pause), not slowness. */
const REST = 1000;

/** Frames per second as an exponential mean. */
export class FrameRate {
  #last: number | undefined;
  #fps = 0;

  get fps(): number {
    return this.#fps;
  }

  /** @param now ms */
  count(now: number): void {
    const gap = now - (this.#last ?? -Infinity);
    this.#last = now;
    if (gap > 0 && gap < REST) this.#fps = this.#fps ? this.#fps * 0.9 + (1000 / gap) * 0.1 : 1000 / gap;
  }

  reset(): void {
    this.#last = undefined;
    this.#fps = 0;
  }
}
