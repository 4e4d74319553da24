/** One line that renews itself on a terminal; a line every ten seconds elsewhere. */
export class Progress {
  private last = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  show(text: string): void {
    const now = Date.now();
    if (now - this.last < (this.stream.isTTY ? 100 : 10_000)) return;
    this.last = now;
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${text}`);
    else this.stream.write(`${text}\n`);
  }

  /** Prints a line that stays. */
  line(text: string): void {
    this.stream.write(this.stream.isTTY ? `\r\x1b[K${text}\n` : `${text}\n`);
  }
}

/** Remaining time as a person says it. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
