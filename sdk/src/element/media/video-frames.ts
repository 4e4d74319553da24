/**
 * Resolves at the video's next frame to its time, ms; at the next repaint where the browser has no
 * requestVideoFrameCallback. Rejects with the signal's reason when aborted.
 */
export function nextVideoFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const native = typeof video.requestVideoFrameCallback === 'function';
    const done = (now: number): void => {
      if (!native && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
        handle = requestAnimationFrame(done);
        return;
      }
      signal.removeEventListener('abort', abort);
      resolve(now);
    };
    const abort = (): void => {
      if (native) video.cancelVideoFrameCallback(handle);
      else cancelAnimationFrame(handle);
      reject(signal.reason as Error);
    };
    let handle = native ? video.requestVideoFrameCallback(done) : requestAnimationFrame(done);
    signal.addEventListener('abort', abort, { once: true });
  });
}
