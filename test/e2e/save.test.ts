/** Files that a person takes home, by the share sheet of a phone and by a download. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Actions, type Parts } from '../../app/src/actions.ts';
import type { Batch } from '../../app/src/batch.ts';
import { Recording } from '../../app/src/recording.ts';
import { save } from '../../app/src/save.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { hasUnsavedWork, initialState, type State } from '../../app/src/state.ts';
import { Store } from '../../app/src/store.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

/** A phone whose share sheet answers as told; its downloads are counted. */
let answer: () => Promise<void>, shared: string[], downloads: string[];

beforeEach(() => {
  shared = [];
  downloads = [];
  answer = async () => undefined;
  Object.assign(navigator, {
    canShare: () => true,
    share: ({ files }: { files: File[] }) => (shared.push(files[0].name), answer()),
  });
  Object.assign(globalThis, {
    matchMedia: () => ({ matches: true }),
    document: {
      createElement: () => {
        const link = { download: '', click: () => downloads.push(link.download) };
        return link;
      },
    },
  });
  // A download's address lives on for a minute, for which the test is not to wait.
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => {
  mock.timers.reset();
  for (const name of ['canShare', 'share']) Reflect.deleteProperty(navigator, name);
  for (const name of ['matchMedia', 'document']) Reflect.deleteProperty(globalThis, name);
});

const fails = (name: string) => () => Promise.reject(new DOMException('as a test', name));

describe('a file', () => {
  it('is shared', async () => {
    assert.equal(await save(new Blob(), 'a.csv'), true);
    assert.deepEqual([shared, downloads], [['a.csv'], []]);
  });

  it('is not saved when the person thinks better of it', async () => {
    answer = fails('AbortError');
    assert.equal(await save(new Blob(), 'a.csv'), false);
    assert.deepEqual(downloads, []);
  });

  it('is downloaded where it cannot be shared', async () => {
    answer = fails('NotAllowedError');
    assert.equal(await save(new Blob(), 'a.csv'), true);
    assert.deepEqual(downloads, ['a.csv']);
  });
});

it('a picture is not mirrored, as the points beside it are not', async () => {
  const store: Store<State> = new Store(initialState(loadSettings()));
  const asked: unknown[] = [];
  const snapshot = async (options: unknown) => (asked.push(options), new Blob());
  const element = Object.assign(new EventTarget(), { snapshot, mirror: true });
  await new Actions({ store, element } as unknown as Parts).savePng();
  assert.deepEqual(asked, [{ mirror: false }]);
  assert.match(shared[0], /\.png$/);
});

describe('work', () => {
  let store: Store<State>, actions: Actions, recording: Recording;
  beforeEach(() => {
    store = new Store(initialState(loadSettings()));
    recording = new Recording();
    const element = new EventTarget() as unknown as Parts['element'];
    actions = new Actions({ ...({} as Parts), store, element, recording });
  });

  const SAVES: Record<string, [have: () => void, save: () => Promise<boolean>]> = {
    'a table': [
      () => {
        const file = new File([''], 'a.png');
        const item = { file, status: 'done', width: 1, height: 1, faces: [] } as const;
        const batch: Batch = { items: [item], running: false, progress: undefined };
        store.set({ batch });
      },
      () => actions.saveBatch('csv'),
    ],
    'a recording': [
      () => {
        actions.toggleRecording();
        recording.add({ timestamp: 0, width: 1, height: 1, faces: [] });
        actions.toggleRecording();
      },
      () => actions.saveRecording('jsonl'),
    ],
  };
  for (const [name, [have, saveIt]] of Object.entries(SAVES)) {
    it(`${name} is saved once the share sheet has taken it`, async () => {
      have();
      let taken!: () => void;
      answer = () => new Promise((resolve) => (taken = resolve));
      const saving = saveIt();
      assert.equal(hasUnsavedWork(store.state), true, 'while the sheet is open');
      taken();
      assert.equal(await saving, true);
      assert.equal(hasUnsavedWork(store.state), false);
    });

    it(`${name} is not saved by a sheet that was closed`, async () => {
      have();
      answer = fails('AbortError');
      assert.equal(await saveIt(), false);
      assert.equal(hasUnsavedWork(store.state), true);
    });
  }

  it('a recording that began while another was being saved is not saved', async () => {
    SAVES['a recording'][0]();
    let taken!: () => void;
    answer = () => new Promise((resolve) => (taken = resolve));
    const saving = actions.saveRecording('jsonl');
    actions.toggleRecording();
    actions.goOn();
    recording.add({ timestamp: 0, width: 1, height: 1, faces: [] });
    actions.toggleRecording();
    taken();
    await saving;
    assert.equal(hasUnsavedWork(store.state), true);
  });
});
