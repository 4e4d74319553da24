import sharp from 'sharp';
import { imageToCrop, type Region } from '../../../sdk/src/crop/region.ts';
import { sampleCrop } from '../../../sdk/src/crop/sample.ts';
import { faceRegion } from '../augmentation/augment.ts';
import { IBUG68 } from '../datasets/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import type { FaceResult } from '../evaluation/on-samples.ts';
import { inputStep } from '../inputs/input.ts';
import type { Parameters } from '../models/parameters.ts';
import { randomOf } from '../support/random.ts';
import type { TrainSettings } from '../trainer/settings.ts';
import type { Picture } from './run-report.ts';

/** Px: sharp at twice the size that it is shown at on a phone. */
const FACE_SIDE = 200;
const JPEG = { quality: 72, mozjpeg: true } as const;
/** At most; rows are made even. */
const FILTERS_A_ROW = 16;

/** A face with truth and prediction: its own surroundings, or the whole picture where that is what the network sees. */
export async function facePicture(result: FaceResult, settings: TrainSettings): Promise<Picture> {
  const { sample, predicted, nme, mae } = result;
  const { image, points = new Float32Array(0) } = sample;
  const region: Region = settings.picture
    ? { cx: image.width / 2, cy: image.height / 2, size: Math.max(image.width, image.height), angle: 0 }
    : faceRegion(sample, settings.cropFactor * 1.1);
  const ratio = settings.picture ? settings.picture.height / settings.picture.width : 1;
  const square = sampleCrop(image, region, FACE_SIDE);
  const height = Math.round(FACE_SIDE * ratio);
  const top = Math.floor((FACE_SIDE - height) / 2);
  const grey = Uint8Array.from(square.subarray(top * FACE_SIDE, (top + height) * FACE_SIDE));
  const place = (values: ArrayLike<number>) =>
    Array.from(imageToCrop(values, region), (value, i) => value * FACE_SIDE - (i % 2 === 0 ? 0 : top));
  return {
    source: await jpeg(grey, FACE_SIDE, height),
    width: FACE_SIDE,
    height,
    truth: place(points).map(tenth),
    predicted: place(predicted).map((value) => Math.round(value * 10) / 10),
    caption: `${nme.toFixed(1)} % · ${mae.toFixed(1)} px`,
  };
}

/** Inputs as training sees them; of few faces, some are fetched again, which looks different where they are augmented. */
export async function augmentedPictures(
  samples: readonly Sample[],
  settings: TrainSettings,
  count: number,
): Promise<Picture[]> {
  const input = inputStep(settings);
  const landmarks = (settings.schema ?? IBUG68).count;
  const faces = samples.filter(({ points }) => points);
  return Promise.all(
    Array.from({ length: faces.length > 0 ? count : 0 }, async (_, i) => {
      const random = randomOf(settings.seed, 4, i);
      const target = {
        crop: new Float32Array(input.width * input.height),
        points: new Float32Array(2 * landmarks),
        known: new Float32Array(landmarks),
      };
      input.augment(faces[Math.floor((i * faces.length) / count)], random, target);
      const truth = Array.from(target.points, (value, p) =>
        target.known[p >> 1] ? tenth(value * (p % 2 === 0 ? input.width : input.height)) : null,
      );
      return {
        source: await jpeg(stretched(target.crop), input.width, input.height),
        width: input.width,
        height: input.height,
        truth,
        caption: '',
      };
    }),
  );
}

/** The kernels of the first layer, each scaled by its own largest weight; grey is zero. */
export async function filterPicture(
  parameters: Parameters,
): Promise<(Picture & { count: number; side: number }) | undefined> {
  const first = [...parameters].find(
    ([name, { shape }]) => name.endsWith('/kernel') && shape.length === 4,
  )?.[1];
  if (!first || first.shape[2] !== 1) return undefined;
  const [side, , , count] = first.shape;
  const rows = Math.ceil(count / FILTERS_A_ROW);
  const columns = Math.ceil(count / rows);
  const [width, height] = [columns * (side + 1) - 1, rows * (side + 1) - 1];
  const rgba = new Uint8Array(width * height * 4);
  for (let f = 0; f < count; f++) {
    const value = (i: number) => first.values[i * count + f];
    let largest = 0;
    for (let i = 0; i < side * side; i++) largest = Math.max(largest, Math.abs(value(i)));
    for (let i = 0; i < side * side; i++) {
      const x = (f % columns) * (side + 1) + (i % side);
      const y = Math.floor(f / columns) * (side + 1) + Math.floor(i / side);
      const grey = 128 + Math.round((127 * value(i)) / (largest || 1));
      rgba.set([grey, grey, grey, 255], (y * width + x) * 4);
    }
  }
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  const source = `data:image/png;base64,${png.toString('base64')}`;
  return { source, width, height, truth: [], caption: '', count, side };
}

async function jpeg(grey: Uint8Array, width: number, height: number): Promise<string> {
  const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
    .jpeg(JPEG)
    .toBuffer();
  return `data:image/jpeg;base64,${bytes.toString('base64')}`;
}

/** Normalised values to grey, the extreme hundredths clipped. */
function stretched(values: Float32Array): Uint8Array {
  const sorted = values.slice().sort();
  const low = sorted[Math.floor(sorted.length * 0.01)];
  const high = sorted[Math.floor(sorted.length * 0.99)];
  return Uint8Array.from(values, (value) =>
    Math.min(255, Math.max(0, (255 * (value - low)) / (high - low || 1))),
  );
}

function tenth(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : null;
}
