import assert from 'node:assert/strict';
import { test } from 'node:test';
import util from 'node:util';
import { startNative } from '../../../training/src/engines/native.ts';
import { EngineUnavailable } from '../../../training/src/engines/unavailable.ts';

test('where Node lacks what tfjs-node calls, it has it by the time that is loaded', async (t) => {
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean };
  const own = old.isNullOrUndefined;
  t.after(() => void (old.isNullOrUndefined = own));
  delete old.isNullOrUndefined;
  await startNative(false).catch((error: unknown) => assert.ok(error instanceof EngineUnavailable));
  assert.deepEqual(
    [null, undefined, 0, ''].map((value) => old.isNullOrUndefined?.(value)),
    [true, true, false, false],
  );
});
