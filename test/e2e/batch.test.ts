/** Many pictures, with trackers that are lost on the way as a GPU is when the machine sleeps. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { FaceKeypointsError, type Tracker } from 'face-keypoints';
import { Actions, type Parts } from '../../app/src/actions.ts';
import { BatchRun, type Batch } from '../../app/src/batch.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { initialState, type State } from '../../app/src/state.ts';
import { Store } from '../../app/src/store.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

const FILES = ['a.png', 'b.png', 'c.png', 'd.png'].map((name) => new File([''], name));
const lost = () => new FaceKeypointsError('device-lost', 'as a test');

/** For each tracker that is made, what becomes of its calls, one after another; the last goes on for ever. */
let lives: ('done' | 'lost' | 'invalid' | 'no model')[][], trackers: number, closed: number;
async function createTracker(): Promise<Tracker> {
  const life = lives[trackers++] ?? ['done'];
  if (life[0] === 'no model') throw new FaceKeypointsError('model-missing', 'as a test');
  let calls = 0;
  const detect = async ({ name }: { name: string }) => {
    if (name === fatal) throw lost();
    const fate = life[Math.min(calls++, life.length - 1)];
    if (fate === 'lost') throw lost();
    if (fate === 'invalid') throw new FaceKeypointsError('input-invalid', 'too large');
    return [];
  };
  return { detect, close: async () => void closed++ } as unknown as Tracker;
}

/** A picture that ends every tracker. */
let fatal: string | undefined;
let thumbnails: Set<string>;
const { createObjectURL, revokeObjectURL } = URL;
beforeEach(() => {
  lives = [];
  fatal = undefined;
  trackers = closed = 0;
  thumbnails = new Set();
  URL.createObjectURL = () => (thumbnails.add(`blob:${thumbnails.size}`), [...thumbnails].at(-1)!);
  URL.revokeObjectURL = (url) => void thumbnails.delete(url);
  const canvas = { getContext: () => null, toBlob: (give: (blob: Blob) => void) => give(new Blob()) };
  Object.assign(globalThis, {
    createImageBitmap: async ({ name }: File) => ({ name, width: 4, height: 3, close: () => undefined }),
    document: { createElement: () => ({ ...canvas }) },
  });
});
afterEach(() => {
  Object.assign(URL, { createObjectURL, revokeObjectURL });
  for (const name of ['createImageBitmap', 'document']) Reflect.deleteProperty(globalThis, name);
});

describe('a batch', () => {
  let batch: Batch, run: BatchRun;
  beforeEach(() => {
    run = new BatchRun(FILES, {}, (state) => (batch = state), createTracker);
  });
  const statuses = () => batch.items.map(({ status }) => status);

  it('goes on with another tracker when one is lost, and misses no picture', async () => {
    lives = [
      ['done', 'lost'],
      ['done', 'lost'],
    ];
    await run.run();
    assert.deepEqual(statuses(), ['done', 'done', 'done', 'done']);
    assert.deepEqual([trackers, closed, batch.running, thumbnails.size], [3, 3, false, 4]);
  });

  it('ends where another tracker gets no further; what was done stays, and it goes on from there', async () => {
    lives = [['done', 'lost'], ['lost']];
    await assert.rejects(run.run(), { code: 'device-lost' });
    assert.deepEqual(statuses(), ['done', 'waiting', 'waiting', 'waiting']);
    assert.deepEqual([trackers, closed, batch.running, thumbnails.size], [2, 2, false, 1]);
    await run.run();
    assert.deepEqual(statuses(), ['done', 'done', 'done', 'done']);
  });

  it('takes a picture that ends every tracker last, and gives it up, not the others', async () => {
    fatal = 'b.png';
    await assert.rejects(run.run(), { code: 'device-lost' });
    assert.deepEqual(statuses(), ['done', 'waiting', 'waiting', 'waiting']);
    await run.run();
    assert.deepEqual(statuses(), ['done', 'failed', 'done', 'done']);
    assert.deepEqual([trackers, closed, batch.running], [4, 4, false]);
  });

  it('fails a picture that is at fault itself, and goes on with the same tracker', async () => {
    lives = [['done', 'invalid', 'done']];
    await run.run();
    assert.deepEqual(statuses(), ['done', 'failed', 'done', 'done']);
    assert.equal(trackers, 1);
  });

  it('does not load models again that do not load', async () => {
    lives = [['no model']];
    await assert.rejects(run.run(), { code: 'model-missing' });
    assert.equal(trackers, 1);
  });

  for (const [browser, scheduler] of [
    ['with scheduler.yield', { yield: () => new Promise<void>((resolve) => setImmediate(resolve)) }],
    ['without', undefined],
  ] as const) {
    it(`waits for no timer, which a hidden tab holds back, in a browser ${browser}`, async () => {
      Reflect.set(globalThis, 'scheduler', scheduler);
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        await run.run();
      } finally {
        mock.timers.reset();
        Reflect.deleteProperty(globalThis, 'scheduler');
      }
      assert.deepEqual(statuses(), ['done', 'done', 'done', 'done']);
    });
  }

  it('lets others have their turn between two pictures', async () => {
    const running = run.run();
    let turns = 0;
    while (batch.running) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await running;
    assert.ok(turns >= FILES.length, `${turns} turns`);
  });

  it('says nothing once it is closed', async () => {
    lives = [['done', 'lost']];
    const running = run.run();
    while (batch.items[0].status !== 'done') await new Promise((resolve) => setTimeout(resolve));
    run.close();
    const last = batch;
    await running;
    assert.equal(batch, last);
    assert.deepEqual([closed, thumbnails.size], [trackers, 0]);
  });
});

describe('the table of a batch that ended early', () => {
  it('stays, with the reason beside it, and goes on when told', async () => {
    const store: Store<State> = new Store(initialState(loadSettings()));
    const nothing = () => undefined;
    const element = Object.assign(new EventTarget(), { model: null, backend: 'auto' });
    const parts = { store, element, createTracker, session: { stop: nothing }, compare: { stop: nothing } };
    const actions = new Actions(parts as unknown as Parts);
    lives = [['done', 'lost'], ['lost']];
    actions.open(FILES);
    while (!store.state.remark) await new Promise((resolve) => setTimeout(resolve));
    assert.equal(store.state.remark.code, 'device-lost');
    const count = (status: string) =>
      store.state.batch?.items.filter((item) => item.status === status).length;
    assert.deepEqual([count('done'), count('waiting')], [1, 3]);
    actions.goOnWithBatch();
    actions.goOnWithBatch();
    while (store.state.batch?.running) await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual([count('done'), store.state.remark, trackers], [4, undefined, 3]);
  });
});
