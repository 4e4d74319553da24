interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Shows `button` once the browser offers to install the page, hides it once that is answered. */
export function offerInstall(button: HTMLElement): void {
  let offer: BeforeInstallPromptEvent | undefined;
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as BeforeInstallPromptEvent;
    button.hidden = false;
  });
  addEventListener('appinstalled', () => (button.hidden = true));
  button.addEventListener('click', async () => {
    await offer?.prompt();
    offer = undefined;
    button.hidden = true;
  });
}
