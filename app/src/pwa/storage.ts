/** Asks the browser not to throw the models away when space gets short; after they have been of use, not before. */
export async function keepStorage(): Promise<void> {
  try {
    if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
  } catch {
    // It keeps them as long as it sees fit.
  }
}
