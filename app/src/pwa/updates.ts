import { Workbox } from 'workbox-window';

export interface UpdatesListener {
  /** The worker has everything: the page works offline from now on. */
  readonly onKept: () => void;
  /** A new version waits, or runs already and this page is still of the last. */
  readonly onReady: () => void;
  /** The page loads again, as its person wants it: nothing is to ask any more. */
  readonly onLeave: () => void;
}

/**
 * The service worker and its updates. A new version waits until the person agrees to it; then every tab loads again, so
 * that none goes on with the scripts of one version and the files of another. Another tab with unsaved work may stay by
 * the browser's own question; it has the offer still.
 */
export class Updates {
  readonly #workbox: Workbox | undefined;
  readonly #onLeave: () => void;
  #registration: ServiceWorkerRegistration | undefined;
  /** In this tab. */
  #agreed = false;

  constructor({ onKept, onReady, onLeave }: UpdatesListener) {
    this.#onLeave = onLeave;
    if (!('serviceWorker' in navigator)) return;
    let controlled = navigator.serviceWorker.controller !== null;
    const workbox = (this.#workbox = new Workbox('sw.js'));
    workbox.addEventListener('waiting', onReady);
    // A first visit gets its worker without a reload; later, another worker is another version.
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      const first = !controlled;
      controlled = true;
      if (first) return;
      onReady();
      this.#reload();
    });
    // It becomes active only once it has fetched all that it keeps.
    void navigator.serviceWorker.ready.then(onKept);
    workbox
      .register()
      .then(async (registration) => {
        this.#registration = registration;
        if (controlled) return;
        const { active } = await navigator.serviceWorker.ready;
        active?.postMessage({ type: 'CLAIM', script: import.meta.url });
      })
      // Without a service worker (a private window, say) the page works all the same, online.
      .catch(() => undefined);
  }

  /** The person agrees, and there is nothing that they could lose. */
  apply(): void {
    this.#agreed = true;
    // Another tab has agreed before, and this one stayed.
    if (!this.#registration?.waiting) return this.#reload();
    // A page under no worker (loaded past it, by Shift and reload) gets no other one, and hears only of its start.
    if (!navigator.serviceWorker.controller) this.#workbox?.addEventListener('activated', this.#reload);
    this.#workbox?.messageSkipWaiting();
  }

  readonly #reload = (): void => {
    if (this.#agreed) this.#onLeave();
    location.reload();
  };
}
