import type { Face } from '../face.ts';
import type { Tracker, TrackerOptions } from '../tracker.ts';
import { sendError, type Request, type Response, type SentFrame } from './protocol.ts';

/** The part of a worker's global scope that is needed here. */
export interface Port {
  postMessage(message: Response): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
}

/** Serves one tracker to the page at the other end of `port`. Frames that come are ours and are closed after use. */
export function serveTracker(port: Port, create: (options: TrackerOptions) => Promise<Tracker>): void {
  let tracker: Tracker | undefined;
  const send = (message: Response): void => port.postMessage(message);

  const look = async (
    id: number,
    frame: SentFrame,
    find: (tracker: Tracker) => Promise<Face[]>,
  ): Promise<void> => {
    try {
      if (!tracker) throw new Error('a frame came before the tracker was created');
      const faces = await find(tracker);
      send({ type: 'faces', id, faces, timings: tracker.timings });
    } catch (error) {
      send({ type: 'error', id, error: sendError(error) });
    } finally {
      if ('close' in frame) frame.close();
    }
  };

  port.addEventListener('message', ({ data }) => {
    switch (data.type) {
      case 'create':
        create({ ...data.options, onProgress: (progress) => send({ type: 'progress', progress }) }).then(
          (created) => {
            tracker = created;
            send({ type: 'created', backend: created.backend, metadata: created.metadata });
          },
          (error: unknown) => send({ type: 'failed', error: sendError(error) }),
        );
        break;
      case 'track':
        void look(data.id, data.frame, (tracker) => tracker.track(data.frame, data.timestamp));
        break;
      case 'detect':
        void look(data.id, data.frame, (tracker) => tracker.detect(data.frame));
        break;
      case 'configure':
        tracker?.configure(data.options);
        break;
      case 'reset':
        tracker?.reset();
        break;
    }
  });
  // Which call it was cannot be known, and whoever waits for its answer must not wait for ever.
  port.addEventListener('messageerror', () =>
    send({ type: 'failed', error: sendError(new Error('a message could not be read')) }),
  );
  send({ type: 'started' });
}
