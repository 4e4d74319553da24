import { parentPort, workerData } from 'node:worker_threads';
import type { Sample } from '../datasets/sample.ts';
import { randomOf } from '../support/random.ts';
import { augmentFace, augmentNoFace } from './augment.ts';
import { DrawPlan } from './plan.ts';
import { viewBatch, type BatchRequest, type WorkerSetup } from './pool.ts';

const { samples, settings } = workerData as WorkerSetup;
const sets = samples.map(({ set }) => set);

parentPort?.on('message', ({ buffer, first, mix, negativeShare }: BatchRequest) => {
  const { seed, size, cropFactor, batch, augmentation } = settings;
  const plan = new DrawPlan(seed, sets, mix, negativeShare);
  const views = viewBatch(buffer, batch, size);
  for (let i = 0; i < batch; i++) {
    const draw = plan.draw(first + i);
    const sample: Sample = samples[draw.sample];
    const target = {
      crop: views.crops.subarray(i * size * size, (i + 1) * size * size),
      points: views.points.subarray(i * 136, (i + 1) * 136),
      known: views.known.subarray(i * 68, (i + 1) * 68),
    };
    const random = randomOf(seed, 2, first + i);
    (draw.face ? augmentFace : augmentNoFace)(sample, size, cropFactor, augmentation, random, target);
    views.presence[i] = draw.face ? 1 : 0;
  }
  parentPort?.postMessage(first);
});
