import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Batch } from '../../app/src/batch.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { hasUnsavedWork, initialState, type State } from '../../app/src/state.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

describe('unsaved work', () => {
  const state = (patch: Partial<State>): State => ({ ...initialState(loadSettings()), ...patch });
  const batch = (status: 'waiting' | 'done'): Batch => ({
    items: [{ file: new File([''], 'a.png'), status }],
    running: false,
    progress: undefined,
  });

  it('is a table with results, until it is saved as it is', () => {
    const done = batch('done');
    assert.equal(hasUnsavedWork(state({})), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('waiting') })), false);
    assert.equal(hasUnsavedWork(state({ batch: done })), true);
    assert.equal(hasUnsavedWork(state({ batch: done, saved: { batch: done } })), false);
    assert.equal(hasUnsavedWork(state({ batch: batch('done'), saved: { batch: done } })), true);
  });

  it('is a recording, until it is saved as it is', () => {
    const recording = { active: false, frames: 3, ms: 100 };
    assert.equal(hasUnsavedWork(state({ recording: { ...recording, frames: 0 } })), false);
    assert.equal(hasUnsavedWork(state({ recording })), true);
    assert.equal(hasUnsavedWork(state({ recording, saved: { recording } })), false);
    assert.equal(
      hasUnsavedWork(state({ recording: { ...recording, frames: 4 }, saved: { recording } })),
      true,
    );
  });
});
