import { Workbox } from 'workbox-window';

export interface UpdatesListener {
  /** The worker has everything: the page works offline from now on. */
  readonly onKept: () => void;
  /** A new version waits. */
  readonly onReady: () => void;
}

/**
 * The service worker and its updates. A new version waits until the person agrees to it; then every tab loads again, so
 * that none goes on with the scripts of one version and the files of another.
 */
export class Updates {
  readonly #workbox: Workbox | undefined;
  #reloading = false;

  constructor({ onKept, onReady }: UpdatesListener) {
    if (!('serviceWorker' in navigator)) return;
    let controlled = navigator.serviceWorker.controller !== null;
    const workbox = (this.#workbox = new Workbox('sw.js'));
    workbox.addEventListener('waiting', onReady);
    // A first visit gets its worker without a reload; later, another worker is another version.
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      const first = !controlled;
      controlled = true;
      if (!first) this.#reload();
    });
    // It becomes active only once it has fetched all that it keeps.
    void navigator.serviceWorker.ready.then(onKept);
    workbox
      .register()
      .then(async () => {
        if (controlled) return;
        const { active } = await navigator.serviceWorker.ready;
        active?.postMessage({ type: 'CLAIM', script: import.meta.url });
      })
      // Without a service worker (a private window, say) the page works all the same, online.
      .catch(() => undefined);
  }

  apply(): void {
    // A page under no worker (loaded past it, by Shift and reload) gets no other one, and hears only of its start.
    if (!navigator.serviceWorker.controller)
      this.#workbox?.addEventListener('activated', () => this.#reload());
    this.#workbox?.messageSkipWaiting();
  }

  #reload(): void {
    if (this.#reloading) return;
    this.#reloading = true;
    location.reload();
  }
}
