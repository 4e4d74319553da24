/** The script of the worker that `createTracker` and `WorkerTracker` start. Importing it on a page's thread does nothing. */
import { serveTracker, type Port } from './worker/host.ts';
import { FaceTracker } from './tracker.ts';

const scope = globalThis as unknown as { WorkerGlobalScope?: unknown; document?: unknown } & Port;
if (typeof scope.WorkerGlobalScope !== 'undefined' && scope.document === undefined) {
  serveTracker(scope, (options) => FaceTracker.create(options));
}

export {};
