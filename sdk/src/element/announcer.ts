/**
 * What a screen reader is told. A live region speaks at each change of its text, so it changes only with the state, and
 * a face that comes and goes within `PATIENCE` is not mentioned.
 */
const PATIENCE = 1000;

export class Announcer {
  readonly #changed: () => void;
  #text = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    clearTimeout(this.#timer);
    if (text === this.#text) return;
    this.#text = text;
    this.#changed();
  }

  /** Unless something else is to be said before. */
  saySoon(text: string): void {
    clearTimeout(this.#timer);
    if (text !== this.#text) this.#timer = setTimeout(() => this.say(text), PATIENCE);
  }
}

/** "One face found." */
export function facesFound(count: number): string {
  if (count === 0) return 'No face found.';
  return count === 1 ? 'One face found.' : `${count} faces found.`;
}
