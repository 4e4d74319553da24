/** Keeps the screen on while the camera is looked at. */
export class WakeLock {
  #wanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    // A hidden page loses its lock.
    document.addEventListener('visibilitychange', () => void this.#update());
  }

  hold(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    void this.#update();
  }

  async #update(): Promise<void> {
    if (!this.#wanted) {
      const lock = this.#lock;
      this.#lock = undefined;
      return lock?.release();
    }
    if (document.visibilityState !== 'visible' || !navigator.wakeLock) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (!this.#wanted) return await lock.release();
      // Of two requests at once the later stays.
      void this.#lock?.release();
      this.#lock = lock;
    } catch {
      // Low battery: the browser knows better.
    }
  }
}
