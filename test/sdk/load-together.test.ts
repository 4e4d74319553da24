import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadTogether } from '../../sdk/src/runtime/load-together.ts';

class FakeModel {
  disposed = false;
  dispose(): void {
    this.disposed = true;
  }
}

/** Never there, but gives up as it is told to. */
const pending = (signal: AbortSignal): Promise<FakeModel> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

test('both models, once both are there', async () => {
  const [a, b] = [new FakeModel(), new FakeModel()];
  const models = await loadTogether(() => [sleep(5).then(() => a), Promise.resolve(b)]);
  assert.deepEqual(models, [a, b]);
  assert.ok(!a.disposed && !b.disposed);
});

test('one that fails ends the other’s loading and is what is told', async () => {
  const wrong = new Error('wrong address');
  await assert.rejects(
    loadTogether((signal) => [pending(signal), Promise.reject<FakeModel>(wrong)]),
    wrong,
  );
});

test('what was there when the other failed is given back', async () => {
  const model = new FakeModel();
  const failing = sleep(5).then((): FakeModel => {
    throw new Error('too short');
  });
  await assert.rejects(
    loadTogether(() => [Promise.resolve(model), failing]),
    /too short/,
  );
  assert.ok(model.disposed);
});

test('a signal ends it with its reason, also one that comes with the last byte', async () => {
  const given = new AbortController();
  const reason = new Error('not any more');
  const loading = loadTogether((signal) => [pending(signal), pending(signal)], given.signal);
  given.abort(reason);
  await assert.rejects(loading, reason);

  let begun = false;
  const late = loadTogether(() => {
    begun = true;
    return [pending(given.signal), pending(given.signal)];
  }, given.signal);
  await assert.rejects(late, reason);
  assert.ok(!begun, 'nothing is begun for a signal that was given before');

  const last = new AbortController();
  const models = [new FakeModel(), new FakeModel()] as const;
  const there = loadTogether(() => {
    queueMicrotask(() => last.abort(reason));
    return [Promise.resolve(models[0]), Promise.resolve(models[1])];
  }, last.signal);
  await assert.rejects(there, reason);
  assert.ok(models.every(({ disposed }) => disposed));
});
