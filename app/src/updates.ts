import { Workbox } from 'workbox-window';

/** Registers the service worker; shows `button` when a new version waits, which the button then takes over to. */
export function watchForUpdates(button: HTMLElement): void {
  if (!('serviceWorker' in navigator)) return;
  const workbox = new Workbox('sw.js');
  workbox.addEventListener('waiting', () => (button.hidden = false));
  button.addEventListener('click', () => {
    workbox.addEventListener('controlling', () => location.reload());
    workbox.messageSkipWaiting();
  });
  // Without a service worker (a private window, say) the page works all the same, online.
  workbox.register().catch(() => undefined);
}
