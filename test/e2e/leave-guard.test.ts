import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { LeaveGuard } from '../../app/src/leave-guard.ts';

describe('the guard of unsaved work', () => {
  let target: EventTarget;
  beforeEach(() => {
    target = new EventTarget();
    Reflect.set(globalThis, 'addEventListener', target.addEventListener.bind(target));
    Reflect.set(globalThis, 'removeEventListener', target.removeEventListener.bind(target));
  });
  afterEach(() => {
    for (const name of ['addEventListener', 'removeEventListener']) Reflect.deleteProperty(globalThis, name);
  });

  /** Whether a browser would ask: by today's way, and by that of Chromium before 119. */
  function asks(): boolean[] {
    const event = new Event('beforeunload', { cancelable: true });
    Object.defineProperty(event, 'returnValue', { value: '', writable: true });
    target.dispatchEvent(event);
    return [event.defaultPrevented, Boolean(event.returnValue)];
  }

  it('asks while there is something to lose', () => {
    const guard = new LeaveGuard();
    assert.deepEqual(asks(), [false, false]);
    guard.hold(true);
    guard.hold(true);
    assert.deepEqual(asks(), [true, true]);
    guard.hold(false);
    assert.deepEqual(asks(), [false, false]);
  });

  it('asks no more once it was let go', () => {
    const guard = new LeaveGuard();
    guard.hold(true);
    guard.letGo();
    assert.deepEqual(asks(), [false, false]);
    guard.hold(true);
    assert.deepEqual(asks(), [false, false]);
  });
});
