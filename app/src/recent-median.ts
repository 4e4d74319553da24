/** So many values a person's eye can wait for: a second of a quick camera. */
const LENGTH = 30;

/** The median of the last values: a figure that stands still enough to be read, whatever one frame took. */
export class RecentMedian {
  #values: readonly number[] = [];

  /** 0 before the first. */
  get value(): number {
    const sorted = this.#values.filter((value) => value > 0).sort((a, b) => a - b);
    if (sorted.length === 0) return 0;
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** @param value 0 where there was nothing to measure: it takes a place, and says nothing of how long others took */
  add(value: number): void {
    this.#values = [...this.#values.slice(1 - LENGTH), value];
  }

  clear(): void {
    this.#values = [];
  }
}
