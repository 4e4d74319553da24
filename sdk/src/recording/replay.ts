import { FaceKeypointsError } from '../errors.ts';
import type { RecordedFrame } from './frame.ts';

export interface ReplayOptions {
  /** Ends the replay: it throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** 2 is twice as fast, `Infinity` without waiting; 1 by default. */
  readonly speed?: number;
}

/**
 * The frames at the pace of their time stamps, the first at once. Each is timed from the first, so that delays do not
 * add up; a consumer that is late gets the next frame at once, and none is left out.
 * @throws FaceKeypointsError `option-invalid`; the signal's reason when aborted
 */
export async function* replay<T extends Pick<RecordedFrame, 'timestamp'> = RecordedFrame>(
  frames: Iterable<T> | AsyncIterable<T>,
  { signal, speed = 1 }: ReplayOptions = {},
): AsyncGenerator<T, void, undefined> {
  if (!(speed > 0)) {
    throw new FaceKeypointsError('option-invalid', `speed must be a number above 0, not ${String(speed)}.`);
  }
  let first: { readonly timestamp: number; readonly time: number } | undefined;
  for await (const frame of frames) {
    signal?.throwIfAborted();
    first ??= { timestamp: frame.timestamp, time: performance.now() };
    await until(first.time + (frame.timestamp - first.timestamp) / speed, signal);
    yield frame;
  }
}

/** The longest that a timer waits, ms. */
const LONGEST = 2 ** 31 - 1;

/** Resolves once `performance.now()` has come to `time`. */
async function until(time: number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = time - performance.now(); left > 0; left = time - performance.now()) {
    await sleep(Math.min(left, LONGEST), signal);
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
