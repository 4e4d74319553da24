/** Which of several faces the page tells of. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chosenFace } from '../../app/src/chosen-face.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { initialState, NO_LIVE, type State } from '../../app/src/state.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

function chosen(ids: number[], faceId?: number) {
  const faces = ids.map((id) => ({ id })) as unknown as State['live']['faces'];
  const found = chosenFace({ ...initialState(loadSettings()), live: { ...NO_LIVE, faces }, faceId });
  return found && [found.face.id, found.number];
}

describe('the chosen face', () => {
  it('is the first until one is chosen, and where there is none none', () => {
    assert.deepEqual(chosen([4, 7]), [4, 1]);
    assert.equal(chosen([]), undefined);
  });

  it('is followed when others come and go', () => {
    assert.deepEqual(chosen([4, 7], 7), [7, 2]);
    assert.deepEqual(chosen([7, 9], 7), [7, 1]);
  });

  it('is the first again once it has gone', () => {
    assert.deepEqual(chosen([4, 9], 7), [4, 1]);
  });
});
