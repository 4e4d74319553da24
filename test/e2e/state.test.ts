import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Batch, BatchItem } from '../../app/src/batch.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { hasUnsavedWork, initialState, type State } from '../../app/src/state.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

describe('unsaved work', () => {
  const state = (patch: Partial<State>): State => ({ ...initialState(loadSettings()), ...patch });
  const batch = (...statuses: BatchItem['status'][]): Batch => ({
    items: statuses.map((status) => ({ file: new File([''], 'a.png'), status })),
    running: false,
    progress: undefined,
  });

  it('is a table with results, until all of them are saved', () => {
    const saved = { results: 1, frames: 0 };
    assert.equal(hasUnsavedWork(state({})), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('waiting', 'failed') })), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('done', 'working') })), true);
    assert.equal(hasUnsavedWork(state({ batch: batch('done', 'working'), saved })), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('done', 'failed'), saved })), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('done', 'done'), saved })), true);
  });

  it('is a recording, until all of it is saved', () => {
    const saved = { results: 0, frames: 3 };
    const recording = { active: false, frames: 3, ms: 100 };
    assert.equal(hasUnsavedWork(state({ recording: { ...recording, frames: 0 } })), false);
    assert.equal(hasUnsavedWork(state({ recording })), true);
    assert.equal(hasUnsavedWork(state({ recording, saved })), false);
    assert.equal(hasUnsavedWork(state({ recording: { ...recording, frames: 4 }, saved })), true);
  });
});
