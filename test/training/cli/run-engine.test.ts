import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRunEngine } from '../../../training/src/cli/run-engine.ts';
import type { Engine, EngineName } from '../../../training/src/engines/engine.ts';
import { EngineUnavailable } from '../../../training/src/engines/unavailable.ts';

/** What starts, and what is said, where `there` are the engines that do and the first is the fastest. */
async function started(asked: EngineName | undefined, before: string | undefined, there: EngineName[]) {
  const lines: string[] = [];
  const start = (name: EngineName = there[0]) =>
    there.includes(name)
      ? Promise.resolve({ name } as Engine)
      : Promise.reject(new EngineUnavailable(`no ${name}`));
  const { name } = await startRunEngine(asked, before, (line) => lines.push(line), start);
  return { name, lines };
}

test('a run goes on with the engine that it was started on, though another is faster now', async () => {
  assert.deepEqual(await started(undefined, 'wasm', ['node', 'wasm']), { name: 'wasm', lines: [] });
});

test('a new run, and one whose record names no engine, takes the fastest', async () => {
  assert.deepEqual(await started(undefined, undefined, ['node', 'wasm']), { name: 'node', lines: [] });
  assert.deepEqual(await started(undefined, 'none', ['node', 'wasm']), { name: 'node', lines: [] });
});

test('another engine is taken where it is asked for, with a warning', async () => {
  const { name, lines } = await started('node', 'wasm', ['node', 'wasm']);
  assert.equal(name, 'node');
  assert.equal(lines.length, 1);
  assert.match(lines[0], /started on the engine wasm and goes on with node/);
  assert.deepEqual(await started('wasm', 'wasm', ['node', 'wasm']), { name: 'wasm', lines: [] });
});

test('where the run’s engine no longer starts, the fastest is taken, with a warning', async () => {
  const { name, lines } = await started(undefined, 'webgpu', ['node', 'wasm']);
  assert.equal(name, 'node');
  assert.equal(lines.length, 1);
  assert.match(lines[0], /on the engine webgpu and goes on with node.*no webgpu/);
});

test('one that is asked for is not replaced', async () => {
  await assert.rejects(started('webgpu', 'wasm', ['wasm']), EngineUnavailable);
});
