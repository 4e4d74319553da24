import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { evaluateOnSamples } from '../evaluation/on-samples.ts';
import { readModelFile } from '../export/model-file.ts';
import { ModelRunner } from '../export/model-runner.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import { correctLabel, type Corrections } from './correction.ts';
import { withMirror } from './mirrored.ts';

/**
 * Training faces with the labels of noisy sets corrected by an exported model: a student learns less from a teacher's
 * noise than from a tracker's. (Distillation by labels: Lee, "Pseudo-Label", 2013.)
 * @param folder the teacher, an exported model of the 68 points
 */
export async function teach(
  engine: Engine,
  folder: string,
  samples: readonly Sample[],
  corrections: Corrections,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Sample[]> {
  const teacher = await ModelRunner.load(engine, await readModelFile(folder));
  const { inputSize, cropFactor } = teacher.metadata;
  const predict = withMirror((crops) => teacher.predict(crops), inputSize);
  const input = faceCropInput(inputSize, cropFactor);
  const taught = [...samples];
  const firstLook = [...samples.keys()].filter(
    (i) => samples[i].points && Object.hasOwn(corrections, samples[i].set),
  );
  // A label that was badly placed was badly cropped as well.
  const secondLook = firstLook.filter((i) => corrections[samples[i].set].register);
  const total = firstLook.length + secondLook.length;
  let done = 0;
  for (const due of [firstLook, secondLook]) {
    const results = evaluateOnSamples(
      due.map((i) => taught[i]),
      input,
      predict,
      undefined,
      (now) => onProgress(done + now, total),
    );
    done += due.length;
    results.forEach(({ predicted, spread }, k) => {
      const sample = samples[due[k]];
      if (spread) taught[due[k]] = corrected(sample, predicted, spread, corrections[sample.set]);
    });
  }
  teacher.dispose();
  return taught;
}

function corrected(
  sample: Sample,
  predicted: Float32Array,
  spread: Float32Array,
  correction: Corrections[string],
): Sample {
  if (!sample.points) return sample;
  const { points, moved } = correctLabel(sample.points, predicted, spread, correction);
  const [scale, x, y] = moved;
  if (!sample.box) return { ...sample, points };
  const [left, top, right, bottom] = sample.box;
  return {
    ...sample,
    points,
    box: [scale * left + x, scale * top + y, scale * right + x, scale * bottom + y],
  };
}
