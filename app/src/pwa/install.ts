interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** The browser's offer to install the page, kept until the person wants it. */
export class InstallOffer {
  #offer: BeforeInstallPromptEvent | undefined;
  readonly #onChange: (installable: boolean) => void;

  constructor(onChange: (installable: boolean) => void, onInstalled: () => void) {
    this.#onChange = onChange;
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#set(event as BeforeInstallPromptEvent);
    });
    addEventListener('appinstalled', () => {
      this.#set(undefined);
      onInstalled();
    });
  }

  /** An offer counts once. */
  async accept(): Promise<void> {
    const offer = this.#offer;
    this.#set(undefined);
    await offer?.prompt();
  }

  #set(offer: BeforeInstallPromptEvent | undefined): void {
    this.#offer = offer;
    this.#onChange(offer !== undefined);
  }
}
