import { parentPort, workerData } from 'node:worker_threads';
import type { Sample } from '../datasets/sample.ts';
import { inputStep } from '../inputs/input.ts';
import { randomOf } from '../support/random.ts';
import { DrawPlan, RoundPlan } from './plan.ts';
import { batchLayout, viewBatch, type BatchRequest, type WorkerSetup } from './pool.ts';

const { samples, settings } = workerData as WorkerSetup;
const sets = samples.map(({ set }) => set);
const layout = batchLayout(settings);

parentPort?.on('message', ({ buffer, first, mix, negativeShare, augmentation }: BatchRequest) => {
  const { seed, batch, everySample } = settings;
  const input = inputStep(augmentation ? { ...settings, augmentation } : settings);
  const plan = everySample
    ? new RoundPlan(seed, samples.length)
    : new DrawPlan(seed, sets, mix, input.augmentNoFace ? negativeShare : 0);
  const { crops, points, known, presence } = viewBatch(buffer, layout);
  const part = (array: Float32Array, i: number, length: number) =>
    array.subarray(i * length, (i + 1) * length);
  for (let i = 0; i < batch; i++) {
    const draw = plan.draw(first + i);
    const sample: Sample = samples[draw.sample];
    const target = {
      crop: part(crops, i, layout.pixels),
      points: part(points, i, 2 * layout.landmarks),
      known: part(known, i, layout.landmarks),
    };
    const random = randomOf(seed, 2, first + i);
    if (draw.face) input.augment(sample, random, target);
    else input.augmentNoFace?.(sample, random, target);
    presence[i] = draw.face ? 1 : 0;
  }
  parentPort?.postMessage(first);
});
