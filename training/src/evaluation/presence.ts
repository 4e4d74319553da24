import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import type { Sample } from '../datasets/sample.ts';
import { IBUG68 } from '../datasets/schema.ts';
import { inputStep, type InputSettings } from '../inputs/input.ts';
import { isOneIn } from '../support/hash.ts';
import { randomOf } from '../support/random.ts';
import type { FaceResult, Predict } from './on-samples.ts';

/** How well a model knows where faces are not. Shares in %. */
export interface PresenceReport {
  /** Annotated faces that are kept. */
  readonly facesKept: number;
  readonly faces: number;
  /** Crops beside, far inside or far around annotated faces that are refused. */
  readonly offFaceRefused: number;
  readonly offFace: number;
  /** Crops of pictures without a face that are refused; absent where there are no such pictures. */
  readonly faceLessRefused?: number;
  readonly faceLess?: number;
}

/** Below it the tracker lets a face go. */
export const PRESENCE_THRESHOLD = 0.5;
const SEED = 31;
/** Crops without a face as they are in the picture: no blur, noise, shade or patch. */
const PLAIN = { ...DEFAULT_AUGMENTATION, blur: 0, noise: 0, shade: 0, patch: 0, gamma: 0 };
const BATCH = 32;

const OFF_FACE_CROPS = 3;
const FACE_LESS_CROPS = 20;

/**
 * Undefined where the network is not asked whether there is a face.
 * @param negatives pictures without a face, those held out
 */
export async function reportPresence(
  faces: readonly FaceResult[],
  negatives: readonly Sample[],
  settings: InputSettings,
  predict: Predict,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<PresenceReport | undefined> {
  const presences = faces.flatMap(({ presence }) => presence ?? []);
  if (presences.length === 0) return undefined;
  const samples = faces.map(({ sample }) => sample);
  const inputs = samples.length * OFF_FACE_CROPS + negatives.length * FACE_LESS_CROPS;
  const offFace = await presenceWithoutFace(samples, OFF_FACE_CROPS, settings, predict, (done) =>
    onProgress(done, inputs),
  );
  const kept = {
    facesKept: keptShare(presences),
    faces: presences.length,
    offFaceRefused: 100 - keptShare(offFace),
    offFace: offFace.length,
  };
  if (negatives.length === 0) return kept;
  const faceLess = await presenceWithoutFace(negatives, FACE_LESS_CROPS, settings, predict, (done) =>
    onProgress(offFace.length + done, inputs),
  );
  return { ...kept, faceLessRefused: 100 - keptShare(faceLess), faceLess: faceLess.length };
}

/**
 * Presence of `each` seeded inputs of every picture: any part of a picture without a face; of a picture with one, beside
 * it, far inside it or far around it.
 */
export async function presenceWithoutFace(
  samples: readonly Sample[],
  each: number,
  settings: InputSettings,
  predict: Predict,
  onProgress: (done: number) => void = () => {},
): Promise<Float32Array> {
  const input = inputStep({ ...settings, augmentation: PLAIN });
  const pixels = input.width * input.height;
  const { count } = settings.schema ?? IBUG68;
  const target = { points: new Float32Array(2 * count), known: new Float32Array(count) };
  const total = samples.length * each;
  const result = new Float32Array(total);
  const inputs = new Float32Array(BATCH * pixels);
  for (let start = 0; start < total; start += BATCH) {
    const n = Math.min(BATCH, total - start);
    for (let i = 0; i < n; i++) {
      const number = start + i;
      const crop = inputs.subarray(i * pixels, (i + 1) * pixels);
      input.augmentNoFace?.(samples[Math.floor(number / each)], randomOf(SEED, number), { crop, ...target });
    }
    const { presence } = await predict(inputs.subarray(0, n * pixels));
    result.set(presence, start);
    onProgress(start + n);
  }
  return result;
}

/** Share of `presences` at or above the threshold, in %. */
export function keptShare(presences: ArrayLike<number>): number {
  let kept = 0;
  for (let i = 0; i < presences.length; i++) if (presences[i] >= PRESENCE_THRESHOLD) kept++;
  return (100 * kept) / presences.length;
}

/** Whether a picture without a face is kept from training, to measure on: one in five, by its name. */
export function isHeldOut(name: string): boolean {
  return isOneIn(5, name);
}
