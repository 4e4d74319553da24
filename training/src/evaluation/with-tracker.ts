import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Face } from '../../../sdk/src/face.ts';
import { FaceTracker } from '../../../sdk/src/tracker.ts';
import type { Dataset, ReadOptions } from '../datasets/annotations.ts';
import type { Sample } from '../datasets/sample.ts';
import { boxOf } from '../datasets/schema.ts';
import { faceError, type FaceError } from './metrics.ts';

/** Several people may stand in a picture; the annotated one need not be the largest. */
const MAX_FACES = 5;
/** A found face is the annotated one when their centres are closer than this share of the annotated box. */
const SAME_FACE = 0.5;

const NO_PIXELS: Sample['image'] = { data: new Uint8Array(0), width: 0, height: 0, channels: 4 };

/**
 * The product's whole way on stills: detector, crop, network, once more from the points found.
 * @param modelFolder an exported model
 */
export function startTracker(modelFolder: string): Promise<FaceTracker> {
  return FaceTracker.create({
    backend: 'wasm',
    model: pathToFileURL(join(modelFolder, 'model.json')),
    detector: detectorModel(),
    maxFaces: MAX_FACES,
  });
}

/**
 * Errors of the faces in what `read` decodes, in its order. Each is measured as it comes and its pixels let go, since a
 * whole set's do not fit into memory in colour. A face that is not found has an error of `Infinity`.
 * @param read reads with this `keep`
 * @param wanted picks by the decoded picture
 * @throws Error of the tracker, or as `read` does
 */
export async function evaluateWithTracker(
  tracker: Pick<FaceTracker, 'detect'>,
  read: (keep: NonNullable<ReadOptions['keep']>) => Promise<Dataset>,
  wanted: (sample: Sample) => boolean,
): Promise<{ readonly errors: FaceError[]; readonly dataset: Dataset }> {
  const errors = new Map<Sample, FaceError>();
  const dataset = await read(async (sample) => {
    const kept = { ...sample, image: NO_PIXELS };
    if (wanted(sample)) errors.set(kept, await errorOf(tracker, sample));
    return kept;
  });
  return { errors: dataset.samples.flatMap((sample) => errors.get(sample) ?? []), dataset };
}

async function errorOf(
  tracker: Pick<FaceTracker, 'detect'>,
  { image, points = new Float32Array(0), set, name }: Sample,
): Promise<FaceError> {
  const face = faceOf(await tracker.detect(image), points);
  return { set, name, ...faceError(face?.keypoints, points) };
}

/** The package lists no path to its models, but they lie beside its main file's folder. */
function detectorModel(): URL {
  const main = createRequire(import.meta.url).resolve('@vladmandic/human');
  return new URL('../models/blazeface.json', pathToFileURL(main));
}

function faceOf(faces: readonly Face[], truth: ArrayLike<number>): Face | undefined {
  const centre = middle(truth);
  return faces.find(({ keypoints }) => {
    const other = middle(keypoints);
    return Math.hypot(other.x - centre.x, other.y - centre.y) < SAME_FACE * centre.size;
  });
}

/** Centre of the box around the known points, and the box's longer side. */
function middle(points: ArrayLike<number>): { x: number; y: number; size: number } {
  const [left, top, right, bottom] = boxOf(points);
  return { x: (left + right) / 2, y: (top + bottom) / 2, size: Math.max(right - left, bottom - top) };
}
