import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Face } from '../../../sdk/src/face.ts';
import { FaceTracker } from '../../../sdk/src/tracker.ts';
import type { Sample } from '../datasets/sample.ts';
import { boxOf } from '../datasets/schema.ts';
import { faceError, type FaceError } from './metrics.ts';

/** Several people may stand in a picture; the annotated one need not be the largest. */
const MAX_FACES = 5;
/** A found face is the annotated one when their centres are closer than this share of the annotated box. */
const SAME_FACE = 0.5;

/**
 * Errors of the product's whole way on stills: detector, crop, network, once more from the points found. A face that is
 * not found has an error of `Infinity`.
 * @param modelFolder an exported model
 */
export async function evaluateWithTracker(
  samples: readonly Sample[],
  modelFolder: string,
  onProgress: (done: number) => void = () => {},
): Promise<FaceError[]> {
  const tracker = await FaceTracker.create({
    backend: 'wasm',
    model: pathToFileURL(join(modelFolder, 'model.json')),
    detector: detectorModel(),
    maxFaces: MAX_FACES,
  });
  const errors: FaceError[] = [];
  for (const { image, points = new Float32Array(0), set, name } of samples) {
    const face = faceOf(await tracker.detect(image), points);
    errors.push({
      set,
      name,
      ...faceError(face?.keypoints, points),
    });
    onProgress(errors.length);
  }
  await tracker.close();
  return errors;
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
