/** What would take unsaved work along asks first, and waits for the answer. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Actions, type Parts } from '../../app/src/actions.ts';
import type { BatchItem } from '../../app/src/batch.ts';
import { Recording } from '../../app/src/recording.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { initialState, type State } from '../../app/src/state.ts';
import { Store } from '../../app/src/store.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

const settled = () => new Promise((resolve) => setTimeout(resolve));
const picture = (name: string) => new File([''], name, { type: 'image/png' });

describe('unsaved work', () => {
  let store: Store<State>, actions: Actions, recording: Recording, shown: string[], updates: number;
  beforeEach(() => {
    store = new Store(initialState(loadSettings()));
    recording = new Recording();
    shown = [];
    updates = 0;
    const element = Object.assign(new EventTarget(), { model: null, backend: 'auto' });
    const session = {
      stop: () => store.set({ input: { kind: 'none' } }),
      show: async (input: State['input']) => {
        shown.push(input.kind);
        store.set({ input });
      },
    };
    actions = new Actions({
      store,
      element,
      recording,
      session,
      compare: { stop: () => undefined },
      checks: { shows: async () => true },
      updates: { apply: () => updates++ },
      createTracker: () => new Promise(() => undefined),
    } as unknown as Parts);
  });

  function haveTable(saved = 0): void {
    const item: BatchItem = { file: picture('a.png'), status: 'done', width: 1, height: 1, faces: [] };
    store.set({
      batch: { items: [item, item], running: false, progress: undefined },
      saved: { results: saved, frames: 0 },
    });
  }

  function haveRecording(): void {
    actions.toggleRecording();
    recording.add({ timestamp: 0, width: 1, height: 1, faces: [] });
    actions.toggleRecording();
  }

  const names = () => store.state.batch?.items.map(({ file }) => file.name);
  const CLOSING: Record<string, [act: () => void, done: () => boolean]> = {
    Close: [() => actions.stop(), () => store.state.batch === undefined],
    'another picture': [
      () => actions.open([picture('b.png')]),
      () => store.state.batch === undefined && shown.includes('file'),
    ],
    'other pictures': [
      () => actions.open([picture('b.png'), picture('c.png')]),
      () => names()?.join() === 'b.png,c.png',
    ],
  };
  for (const [name, [act, done]] of Object.entries(CLOSING)) {
    it(`${name} leaves a table until it is answered`, async () => {
      haveTable(1);
      const { batch } = store.state;
      act();
      await settled();
      assert.equal(store.state.question, 'results');
      assert.ok(store.state.batch === batch && !done());
      actions.keep();
      await settled();
      assert.equal(store.state.question, undefined);
      assert.ok(store.state.batch === batch && !done(), 'kept');
      actions.goOn();
      assert.ok(!done(), 'an answer to no question');
      act();
      await settled();
      actions.goOn();
      assert.equal(store.state.question, undefined);
      assert.ok(done());
    });

    it(`${name} asks nothing where all is saved`, async () => {
      haveTable(2);
      act();
      await settled();
      assert.equal(store.state.question, undefined);
      assert.ok(done());
    });
  }

  it('in a table does not hinder what leaves it there', async () => {
    haveTable();
    actions.example();
    actions.back();
    assert.equal(store.state.question, undefined);
    assert.deepEqual([shown, names()?.length], [['example'], 2]);
  });

  it('is a recording that another would take the place of', () => {
    haveRecording();
    actions.stop();
    assert.equal(store.state.question, undefined, 'it outlives its input');
    actions.toggleRecording();
    assert.equal(store.state.question, 'recording');
    assert.deepEqual(recording.figures.frames, 1);
    actions.keep();
    assert.deepEqual([recording.figures.active, recording.figures.frames], [false, 1]);
    actions.toggleRecording();
    actions.goOn();
    assert.deepEqual([recording.figures.active, recording.figures.frames], [true, 0]);
  });

  it('of both kinds is asked about one after the other before an update', () => {
    haveRecording();
    haveTable();
    actions.update();
    assert.deepEqual([store.state.question, updates], ['results', 0]);
    actions.goOn();
    assert.deepEqual([store.state.question, updates], ['recording', 0]);
    actions.goOn();
    assert.deepEqual([store.state.question, updates], [undefined, 1]);
    assert.equal(names()?.length, 2);
  });

  it('is a recording that goes on, which an update ends before it asks', () => {
    actions.toggleRecording();
    recording.add({ timestamp: 0, width: 1, height: 1, faces: [] });
    actions.update();
    assert.deepEqual([store.state.question, store.state.recording.active, updates], ['recording', false, 0]);
  });

  it('is asked about by itself: files that come meanwhile wait for nothing', async () => {
    haveTable();
    actions.open([picture('b.png')]);
    actions.stop();
    assert.equal(store.state.question, 'results');
    await settled();
    actions.open([picture('c.png')]);
    await settled();
    actions.goOn();
    assert.deepEqual([shown, names()], [[], undefined]);
  });

  it('that is saved from the question goes on, unless the person thinks better of it', async () => {
    let answer = () => Promise.reject(new DOMException('as a test', 'AbortError'));
    Object.assign(navigator, { canShare: () => true, share: () => answer() });
    Reflect.set(globalThis, 'matchMedia', () => ({ matches: true }));
    try {
      haveTable();
      actions.stop();
      await actions.saveAndGoOn();
      assert.equal(store.state.question, 'results');
      assert.equal(names()?.length, 2);
      answer = async () => {
        const { batch } = store.state;
        store.set({ batch: batch && { ...batch, items: [...batch.items, batch.items[0]] } });
        return undefined as never;
      };
      await actions.saveAndGoOn();
      assert.equal(store.state.question, 'results', 'of what came in meanwhile');
      assert.equal(names()?.length, 3);
      answer = async () => undefined as never;
      await actions.saveAndGoOn();
      assert.deepEqual([store.state.question, names()], [undefined, undefined]);
    } finally {
      for (const name of ['canShare', 'share']) Reflect.deleteProperty(navigator, name);
      Reflect.deleteProperty(globalThis, 'matchMedia');
    }
  });
});
