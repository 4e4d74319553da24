/** What page and worker send each other: its order, and messages that cannot be read, of which whoever waits hears. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createTracker, WorkerTracker } from '../../sdk/src/index.ts';
import { serveTracker } from '../../sdk/src/worker/host.ts';
import type { Request, Response } from '../../sdk/src/worker/protocol.ts';

const pixels = { data: new Uint8Array(4), width: 2, height: 2, channels: 1 as const };

/** The page's end of a worker that does only what the test says. */
class FakeWorker {
  static made: FakeWorker[] = [];
  readonly received: Request[] = [];
  terminated = false;
  onmessage: ((event: { data: Response }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;

  constructor() {
    FakeWorker.made.push(this);
  }
  postMessage(message: Request): void {
    this.received.push(message);
  }
  answer(data: Response): void {
    this.onmessage?.({ data });
  }
  terminate(): void {
    this.terminated = true;
  }
}

const { Worker } = globalThis as { Worker?: unknown };
beforeEach(() => {
  FakeWorker.made = [];
  Object.assign(globalThis, { Worker: FakeWorker });
});
afterEach(() => void Object.assign(globalThis, { Worker }));

/** A tracker and its worker, which has been told `create`. */
async function created(): Promise<{ worker: FakeWorker; tracker: WorkerTracker }> {
  const creating = WorkerTracker.create();
  const [worker] = FakeWorker.made;
  worker.answer({ type: 'created', backend: 'wasm', metadata: {} as WorkerTracker['metadata'] });
  return { worker, tracker: await creating };
}

/** Until the worker has been told so much. */
async function told(worker: FakeWorker, messages: number): Promise<void> {
  while (worker.received.length < messages) await new Promise(setImmediate);
}

/** A tracker with two calls in work, and its worker. */
async function atWork(): Promise<{ worker: FakeWorker; tracker: WorkerTracker; calls: Promise<unknown>[] }> {
  const { worker, tracker } = await created();
  const calls = [tracker.track(pixels, 0), tracker.detect(pixels)];
  await told(worker, 3);
  return { worker, tracker, calls };
}

test('frames, options and resets go out in the order of the calls', async () => {
  const { worker, tracker } = await created();
  void tracker.track(pixels, 0);
  tracker.reset();
  const refused = tracker.track(null as never, 33);
  tracker.configure({ maxFaces: 2 });
  void tracker.detect(pixels);
  tracker.reset();
  await assert.rejects(refused, { code: 'input-invalid' });
  await told(worker, 6);
  const order = ['create', 'track', 'reset', 'configure', 'detect', 'reset'];
  assert.deepEqual(
    worker.received.map(({ type }) => type),
    order,
  );
});

test('the worker tells of a request that it cannot read', () => {
  const sent: Response[] = [];
  const listeners = new Map<string, (event: never) => void>();
  serveTracker(
    {
      postMessage: (message) => void sent.push(message),
      addEventListener: (type: string, listener: (event: never) => void) =>
        void listeners.set(type, listener),
    },
    () => Promise.reject(new Error('not asked for')),
  );
  listeners.get('messageerror')?.({} as never);
  const last = sent.at(-1);
  assert.ok(last?.type === 'failed');
  assert.equal(last.error.code, 'unexpected');
  assert.match(last.error.message, /could not be read.*Create another tracker/);
});

test('a request that the worker could not read ends all that is in work', async () => {
  const { worker, tracker, calls } = await atWork();
  worker.answer({ type: 'failed', error: { code: 'unexpected', message: 'The worker failed.' } });
  for (const call of calls) await assert.rejects(call, { code: 'unexpected' });
  await assert.rejects(tracker.track(pixels, 33), { code: 'unexpected' });
  assert.ok(worker.terminated);
});

test('an answer that the page cannot read ends all that is in work', async () => {
  const { worker, calls } = await atWork();
  worker.onmessageerror?.();
  for (const call of calls) await assert.rejects(call, { code: 'unexpected', message: /could not be read/ });
  assert.ok(worker.terminated);
});

test('an answer to `create` that cannot be read is a failure, and not waited for', async () => {
  const creating = WorkerTracker.create();
  const [worker] = FakeWorker.made;
  worker.answer({ type: 'started' });
  worker.onmessageerror?.();
  await assert.rejects(creating, { code: 'unexpected' });
  assert.ok(worker.terminated);
});

test('for an option that there is not no worker is started', async () => {
  const misspelt = { maxFace: 2 };
  await assert.rejects(createTracker(misspelt as object), { code: 'option-invalid' });
  await assert.rejects(WorkerTracker.create(misspelt as object), { code: 'option-invalid' });
  assert.equal(FakeWorker.made.length, 0);
});
