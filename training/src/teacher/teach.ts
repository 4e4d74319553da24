import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { evaluateOnSamples } from '../evaluation/on-samples.ts';
import { readModelFile } from '../export/model-file.ts';
import { ModelRunner } from '../export/model-runner.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import type { Predictions } from '../models/predictions.ts';
import { correctLabels, type Taught } from './correct-labels.ts';
import type { Corrections } from './correction.ts';
import { withMirror } from './mirrored.ts';

/**
 * Training faces with the labels of noisy sets corrected by an exported model: a student learns less from a teacher's
 * noise than from a tracker's. (Distillation by labels: Lee, "Pseudo-Label", 2013.)
 * @param path the teacher, an exported model of the 68 points: its `model.json`, or the folder that holds it
 */
export async function teach(
  engine: Engine,
  path: string,
  samples: readonly Sample[],
  corrections: Corrections,
  onProgress?: (done: number, total: number) => void,
): Promise<Taught> {
  const teacher = await ModelRunner.load(engine, await readModelFile(path));
  try {
    const { inputSize, cropFactor, markupShift } = teacher.metadata;
    const seen = async (crops: Float32Array) => withoutShift(await teacher.predict(crops), markupShift);
    const predict = withMirror(seen, inputSize);
    const input = faceCropInput(inputSize, cropFactor);
    return await correctLabels(
      samples,
      corrections,
      (faces, onDone) => evaluateOnSamples(faces, input, predict, undefined, onDone),
      onProgress,
    );
  } finally {
    teacher.dispose();
  }
}

/** Where the teacher sees the points, see `correctLabels`. */
function withoutShift(said: Predictions, markupShift = 0): Predictions {
  return {
    ...said,
    keypoints: said.keypoints.map((value, i) => (i % 2 === 0 ? value - markupShift : value)),
  };
}
