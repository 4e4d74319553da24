import type { LoadProgress } from './model-store.ts';

/**
 * For `onProgress`: adds up what comes of several files.
 * @param report told of all bytes so far; the total is 0 while that of any file is unknown
 */
export function sumProgress(
  report: (sum: { loaded: number; total: number }) => void,
): (progress: LoadProgress) => void {
  const byUrl = new Map<string, LoadProgress>();
  return (progress) => {
    byUrl.set(progress.url, progress);
    const files = [...byUrl.values()];
    const isKnown = files.every(({ total }) => total > 0);
    report({
      loaded: files.reduce((sum, { loaded }) => sum + loaded, 0),
      total: isKnown ? files.reduce((sum, { total }) => sum + total, 0) : 0,
    });
  };
}
