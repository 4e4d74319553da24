import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import { augmentFace } from '../augmentation/augment.ts';
import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { DIFFICULTY } from '../models/landmark-head.ts';
import { randomOf } from '../support/random.ts';
import { disposeLayers, FoldedLayers, uploadLayers, type LayerTensors } from './folded-layers.ts';
import type { Source } from './source.ts';

const SEED = 12;
const BATCH = 32;
/** A point can be right on its place, but no error is expected to be zero. */
const LEAST_DISTANCE = 1e-6;

/** What a network sees of the landmarks of training crops, and how far off its points are. */
export interface LandmarkFeatures {
  /** `[landmarks, crops, channels]`: what the layer of expected errors is given, read by each landmark's map. */
  readonly features: Tensor3D;
  /** `[landmarks, crops]`, crop units. */
  readonly distances: Tensor2D;
  /** `[landmarks, crops]`, 1 where the true place is known. */
  readonly known: Tensor2D;
}

/** @param count crops, augmented as by default; the same faces give the same crops */
export function landmarkFeatures(
  engine: Engine,
  source: Source,
  faces: readonly Sample[],
  count: number,
  onProgress: (done: number, total: number) => void,
): LandmarkFeatures {
  const { tf } = engine;
  const tensors = uploadLayers(engine, source.layers);
  const parts: LandmarkFeatures[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const crops = augmentedCrops(faces, start, Math.min(BATCH, count - start), source.about);
    parts.push(featuresOf(engine, source, tensors, crops));
    onProgress(Math.min(count, start + BATCH), count);
  }
  disposeLayers(engine, tensors);
  const joined = {
    features: tf.concat(
      parts.map(({ features }) => features),
      1,
    ) as Tensor3D,
    distances: tf.concat(
      parts.map(({ distances }) => distances),
      1,
    ) as Tensor2D,
    known: tf.concat(
      parts.map(({ known }) => known),
      1,
    ) as Tensor2D,
  };
  for (const { features, distances, known } of parts) tf.dispose([features, distances, known]);
  return joined;
}

interface Crops {
  readonly count: number;
  readonly size: number;
  readonly pixels: Float32Array;
  readonly points: Float32Array;
  readonly known: Float32Array;
}

function augmentedCrops(
  faces: readonly Sample[],
  start: number,
  count: number,
  { inputSize: size, cropFactor }: Source['about'],
): Crops {
  const pixels = new Float32Array(count * size * size);
  const points = new Float32Array(count * 2 * LANDMARK_COUNT);
  const known = new Float32Array(count * LANDMARK_COUNT);
  const part = (array: Float32Array, i: number) =>
    array.subarray((i * array.length) / count, ((i + 1) * array.length) / count);
  for (let i = 0; i < count; i++) {
    const face = faces[(start + i) % faces.length];
    const target = { crop: part(pixels, i), points: part(points, i), known: part(known, i) };
    augmentFace(face, size, cropFactor, DEFAULT_AUGMENTATION, randomOf(SEED, start + i), target);
  }
  return { count, size, pixels, points, known };
}

function featuresOf(
  engine: Engine,
  { network }: Source,
  tensors: LayerTensors,
  { count, size, pixels, points, known }: Crops,
): LandmarkFeatures {
  const { tf } = engine;
  return tf.tidy(() => {
    let given: Tensor | undefined;
    const layers = new FoldedLayers(engine, tensors, {
      input(name, x) {
        if (name === DIFFICULTY) given = x;
        return x;
      },
    });
    const { keypoints, maps } = network<Tensor>(layers, tf.tensor(pixels, [count, size, size, 1]));
    if (!given || !maps) throw new Error('the network has no layer that gives expected errors');
    const [, height, width, channels] = (given as Tensor4D).shape;
    const seen = maps.matMul(given.reshape([count, height * width, channels]));
    const off = keypoints.sub(tf.tensor(points, keypoints.shape)).reshape([count, LANDMARK_COUNT, 2]);
    return {
      features: seen.transpose([1, 0, 2]) as Tensor3D,
      distances: off.square().sum(2).sqrt().transpose().maximum(LEAST_DISTANCE) as Tensor2D,
      known: tf.tensor2d(known, [count, LANDMARK_COUNT]).transpose() as Tensor2D,
    };
  });
}
