import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learningRate, phaseAt } from '../../../training/src/trainer/schedule.ts';

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);
}

test('the rate rises for a tenth of the run, then falls along half a cosine to a hundredth', () => {
  const at = (step: number) => learningRate(step, 1000, 2);
  near(at(0), 2 / 100);
  near(at(49), 1);
  near(at(99), 2);
  near(at(100), 2);
  near(at(325), 2 * (0.01 + (0.99 * (1 + Math.SQRT1_2)) / 2));
  near(at(550), 2 * 0.505);
  near(at(1000), 2 * 0.01);
  near(at(1200), 2 * 0.01);
});

test('no warm-up takes more than 200 steps', () => {
  near(learningRate(0, 100_000, 1), 1 / 200);
  near(learningRate(199, 100_000, 1), 1);
});

test('the shortest of runs has a rate', () => near(learningRate(0, 1, 1), 1));

test('a phase lasts until its share of the run, the last to the end', () => {
  const phases = [0.3, 0.7, 0.9].map((until) => ({ until, mix: {}, negativeShare: 0 }));
  const at = (progress: number) => phases.indexOf(phaseAt(phases, progress));
  assert.deepEqual([0, 0.29, 0.3, 0.5, 0.7, 0.89, 0.9, 1].map(at), [0, 0, 1, 1, 2, 2, 2, 2]);
});
