import { Workbox } from 'workbox-window';

/**
 * The service worker and its updates. A new version waits until the person agrees to it; then every tab loads again, so
 * that none goes on with the scripts of one version and the files of another.
 */
export class Updates {
  readonly #workbox: Workbox | undefined;

  constructor(onReady: () => void) {
    if (!('serviceWorker' in navigator)) return;
    let controlled = navigator.serviceWorker.controller !== null;
    const workbox = (this.#workbox = new Workbox('sw.js'));
    workbox.addEventListener('waiting', onReady);
    // A first visit gets its worker without a reload; later, another worker is another version.
    let reloading = false;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      const first = !controlled;
      controlled = true;
      if (first || reloading) return;
      reloading = true;
      location.reload();
    });
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
    this.#workbox?.addEventListener('activated', () => location.reload());
    this.#workbox?.messageSkipWaiting();
  }
}
