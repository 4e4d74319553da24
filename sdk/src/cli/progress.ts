import type { Writable } from 'node:stream';

/** A line that renews itself on a terminal, and one every so often in a log. */
export class Progress {
  readonly #stream: Writable & { readonly isTTY?: boolean };
  readonly #total: number;
  readonly #quiet: boolean;
  readonly #started = performance.now();
  #shown = -Infinity;
  #open = false;

  constructor(stream: Writable & { readonly isTTY?: boolean }, total: number, quiet: boolean) {
    this.#stream = stream;
    this.#total = total;
    this.#quiet = quiet;
  }

  show(done: number, failed: number): void {
    const now = performance.now();
    const interval = this.#stream.isTTY ? 100 : 10_000;
    if (this.#quiet || (done < this.#total && now - this.#shown < interval)) return;
    this.#shown = now;
    const text = progressText(done, failed, this.#total, (now - this.#started) / 1000);
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    this.#open = true;
  }

  /** Further output begins on a line of its own. */
  end(): void {
    if (this.#open && this.#stream.isTTY) this.#stream.write('\n');
    this.#open = false;
  }
}

/** @param seconds since the first of `done` was begun */
export function progressText(done: number, failed: number, total: number, seconds: number): string {
  const rate = done > 0 && seconds > 0 ? done / seconds : 0;
  const parts = [`${done}/${total} pictures`];
  if (rate > 0) parts.push(`${rate.toFixed(rate < 10 ? 1 : 0)}/s`);
  if (rate > 0 && done < total) parts.push(`${duration((total - done) / rate)} left`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(', ');
}

function duration(seconds: number): string {
  const s = Math.ceil(seconds);
  if (s < 60) return `${s} s`;
  const minutes = Math.ceil(s / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
