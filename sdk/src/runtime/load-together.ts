interface Disposable {
  dispose(): void;
}

/**
 * Loads two models side by side. The one that fails ends the other's loading: nobody waits for megabytes to hear of a wrong
 * address. Where not both are there in the end, neither is kept.
 * @param load begins both; they give up when their signal says so
 * @param signal ends the loading
 * @throws what failed first, or the signal's reason
 */
export async function loadTogether<A extends Disposable, B extends Disposable>(
  load: (signal: AbortSignal) => readonly [Promise<A>, Promise<B>],
  signal?: AbortSignal,
): Promise<[A, B]> {
  signal?.throwIfAborted();
  const loading = new AbortController();
  const abort = (): void => loading.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  const models = load(loading.signal);
  for (const model of models) model.catch((error: unknown) => loading.abort(error));
  const [first, second] = await Promise.allSettled(models);
  signal?.removeEventListener('abort', abort);
  if (first.status === 'fulfilled' && second.status === 'fulfilled' && !loading.signal.aborted) {
    return [first.value, second.value];
  }
  for (const result of [first, second]) if (result.status === 'fulfilled') result.value.dispose();
  throw loading.signal.reason;
}

/** What is not kept where something that it needs fails. @throws as `preparation` */
export async function orDispose<T extends Disposable>(made: T, preparation: Promise<void>): Promise<T> {
  try {
    await preparation;
    return made;
  } catch (error) {
    made.dispose();
    throw error;
  }
}
