import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { OurStep } from '../../training/src/bench/our-step.ts';
import { spreadOf, timePairs } from '../../training/src/bench/pairs.ts';
import { profileStep } from '../../training/src/bench/profile.ts';
import { dearest, shareTable, totalOf } from '../../training/src/bench/table.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { STEP_PARTS } from '../../training/src/trainer/step.ts';
import { TINY_SETTINGS, tinyNetwork } from './support.ts';

const root = new URL('../../', import.meta.url);
const TINY = ['--engine', 'wasm', '--size', '32', '--batch', '2', '--warm-up', '1', '--steps', '1'];

async function bench(...args: string[]): Promise<string> {
  const command = ['--import', 'tsx', 'training/src/cli/bench.ts', ...args];
  return (await promisify(execFile)(process.execPath, command, { cwd: root })).stdout;
}

/** The numbers of milliseconds in a printed table, the sum last. */
function millisecondsIn(table: string): number[] {
  return [...table.matchAll(/([\d.]+) ms/g)].map(([, ms]) => Number(ms));
}

test('without PyTorch the bench times our step alone and says how to get it', async () => {
  const said = await bench(...TINY, '--pairs', '2', '--python', 'no-such-python');
  assert.match(said, /32 px, batch 2, 11599177 weights/);
  assert.match(said, /tfjs wasm .*1 thread\n/);
  assert.match(said, /pip install torch/);
  assert.match(said, /^ours [\d.]+ images\/s \([\d.]+ to [\d.]+\)$/m);
  assert.doesNotMatch(said, /ratio/);
});

test('options that make no sense are refused', async () => {
  await assert.rejects(bench('--steps', 'few'), /--steps is a whole number from 1 on, not "few"/);
  await assert.rejects(bench('--precision', 'half'), /Should be one of: bfloat16, float32/);
});

test('the parts of a profile are those of the step, and make up its whole time', async () => {
  const engine = await startWasm();
  const step = await OurStep.create(engine, tinyNetwork, TINY_SETTINGS);
  await step.run();
  const started = performance.now();
  const { parts, operations, augmentation } = await profileStep(engine, step, TINY_SETTINGS, 2);
  const passed = performance.now() - started;
  assert.deepEqual(
    parts.map(({ name }) => name),
    ['wait for batch', ...STEP_PARTS],
  );
  assert.ok(totalOf(parts) > 0 && totalOf(parts) * 2 < passed);
  assert.ok(parts.every(({ milliseconds }) => milliseconds >= 0));
  assert.ok(operations.some(({ name }) => name === 'Conv2D'));
  operations.slice(1).forEach((one, i) => assert.ok(one.milliseconds <= operations[i].milliseconds));
  assert.ok(augmentation.milliseconds > 0 && augmentation.waits <= augmentation.steps);
});

test('the rows of a printed table add up, those put together included', () => {
  const rows = [50, 25, 12.5, 7.5, 5].map((milliseconds, i) => ({ name: `part ${i}`, milliseconds }));
  const table = shareTable(dearest(rows, 3));
  const shown = millisecondsIn(table);
  assert.deepEqual(shown, [50, 25, 12.5, 12.5, 100]);
  assert.match(table, /2 other kinds/);
  const bars = table.split('\n').map((line) => line.split('█').length - 1);
  assert.deepEqual(bars, [16, 8, 4, 4, 0]);
});

test('pairs are taken in turns; their middle, least and most are told', async () => {
  const turns: string[] = [];
  const timed = (name: string, seconds: number) => ({
    time: (steps: number) => {
      turns.push(name);
      return steps * seconds;
    },
  });
  const pairs = await timePairs(timed('a', 0.5), timed('b', 0.25), { pairs: 2, steps: 3, batch: 4 });
  assert.deepEqual(turns, ['a', 'b', 'a', 'b']);
  assert.deepEqual(pairs[0], { ours: 8, theirs: 16 });
  assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, least: 1, most: 3 });
  assert.deepEqual(spreadOf([4, 1, 2, 3]), { median: 2.5, least: 1, most: 4 });
});
