import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { replay } from '../../sdk/src/index.ts';

const at = (...times: number[]) => times.map((timestamp) => ({ timestamp }));

test('frames come at the pace of their time stamps, however late the consumer is', async () => {
  const started = performance.now();
  const times: number[] = [];
  for await (const { timestamp } of replay(at(1000, 1060, 1120, 1180))) {
    times.push(performance.now() - started - (timestamp - 1000));
    // Delays must not add up.
    if (timestamp === 1000) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(times.length, 4);
  for (const late of times) assert.ok(late >= -2 && late < 50, `${late} ms late`);
});

test('speed divides the waiting; Infinity leaves it out', async () => {
  let started = performance.now();
  assert.equal((await all(replay(at(0, 400), { speed: 4 }))).length, 2);
  const took = performance.now() - started;
  assert.ok(took >= 98 && took < 300, `${took} ms`);
  started = performance.now();
  await all(replay(at(0, 1e6, 2e6), { speed: Infinity }));
  assert.ok(performance.now() - started < 100);
  for (const speed of [0, -1, NaN]) {
    await assert.rejects(replay(at(0), { speed }).next(), { code: 'option-invalid' });
  }
});

test('abort ends it at once with the reason, while it waits and while it does not', async () => {
  const controller = new AbortController();
  const frames = replay(at(0, 1e6), { signal: controller.signal });
  assert.deepEqual(await frames.next(), { done: false, value: { timestamp: 0 } });
  const next = frames.next();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(next, reason);
  assert.equal((await frames.next()).done, true);
  await assert.rejects(replay(at(0), { signal: AbortSignal.abort(reason) }).next(), reason);
});

test('a pause longer than any timer is waited for', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  try {
    const frames = replay(at(0, 2 ** 31 + 5));
    await frames.next();
    let done = false;
    const next = frames.next().then(() => (done = true));
    const pass = async (ms: number): Promise<void> => {
      now += ms;
      mock.timers.tick(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await pass(0);
    await pass(2 ** 31 - 1);
    assert.equal(done, false);
    await pass(6);
    await next;
  } finally {
    clock.mock.restore();
    mock.timers.reset();
  }
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
