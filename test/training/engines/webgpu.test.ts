import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBatch } from '../../../training/src/bench/random-batch.ts';
import { READ_AT_ONCE, startEngine } from '../../../training/src/engines/choose.ts';
import { EngineUnavailable } from '../../../training/src/engines/unavailable.ts';
import { startWebGpu } from '../../../training/src/engines/webgpu.ts';
import { inputStep } from '../../../training/src/inputs/input.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';
import { trainStep } from '../../../training/src/trainer/step.ts';
import { weightsOf } from '../../../training/src/trainer/weights.ts';
import { TINY_SETTINGS, tinyNetwork } from '../support.ts';

// What its programs compute is tested in Chromium, which brings a WebGPU: test/browser/training-webgpu.test.ts.

test('a batch is learned on WebGPU in Node, and the process may end', async (t) => {
  const engine = await startWebGpu(true).catch((error: unknown) => {
    if (error instanceof EngineUnavailable) return error.message;
    throw error;
  });
  if (typeof engine === 'string') return t.skip(engine);
  t.after(() => engine[Symbol.dispose]());
  const settings = { ...TINY_SETTINGS, rate: 1e-2 };
  const batch = randomBatch(settings);
  const initial = { seed: 3, layers: new Map() };
  const state = await buildState(engine, tinyNetwork, batch.crops, inputStep(settings), initial);
  const weights = weightsOf(engine, state);
  const losses: number[] = [];
  for (let step = 1; step <= 8; step++)
    losses.push(await trainStep(engine, tinyNetwork, weights, batch, settings, settings.rate, step));
  weights.dispose();
  assert.ok(losses[7] < 0.7 * losses[0], losses.join(', '));
});

test('what must read results at once is not given WebGPU', async () => {
  await assert.rejects(
    startEngine('webgpu', () => {}, READ_AT_ONCE),
    /webgpu does not do this; choose one of: node-gpu, node, wasm, cpu/,
  );
});
