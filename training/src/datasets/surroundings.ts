import sharp from 'sharp';
import { regionOfPoints } from '../../../sdk/src/crop/region.ts';
import type { Pixels } from '../../../sdk/src/crop/sample.ts';
import type { Sample } from './sample.ts';
import { inSharedMemory, sharedCopy } from './shared-pixels.ts';

/**
 * Of the longer side of the face's box, as training looks that far: a crop "far around" a face, which is to be known as
 * none, spans 3.25 to 5.2 boxes, one beside it ends 2.2 boxes from the centre. As those are turned as well, 2 % of the
 * pixels of the former lie further out.
 */
const REACH = 5.2;
/** The same with those 2 %: the corners of a square of 5.2 boxes that is turned by 0.6 radians. */
const WHOLE_REACH = 7.25;
/** A picture whose longer side is at most this, px, takes little memory as it is. */
const SMALL = 640;
/**
 * Longer side kept of a picture without a face at most, px. Crops of it span 0.15 to 1 of its shorter side: the smallest
 * are then about as many px as the finest inputs.
 */
const FACELESS_SIDE = 2048;
/** Pixels kept of a picture at most. With all around that is looked at, the box is then 170 px; the finest crops show 160. */
const MOST_PIXELS = 1024 * 768;

/**
 * A face with as much of its picture as training looks at, in no more than 0.8 MB, so that memory does not grow with the
 * picture. Points and box go along. Beyond the cut, as beyond a picture, the edge's pixels are repeated. Small pictures
 * stay as they are; of a picture without a face all is kept, and shrunk where it is very large. The pixels are in memory
 * that threads share.
 */
export async function surroundingsOf(sample: Sample): Promise<Sample> {
  const { image, points, box, unit } = sample;
  const longer = Math.max(image.width, image.height);
  if (!points && longer > FACELESS_SIDE) {
    const { width, height } = image;
    const sides = [width, height].map((side) => Math.max(1, Math.round((side * FACELESS_SIDE) / longer)));
    return { ...sample, image: await part(image, { left: 0, top: 0, width, height }, sides[0], sides[1]) };
  }
  if (!points || longer <= SMALL) return inSharedMemory(sample);
  const { left, top, width, height } = cutAround(box ?? points, REACH, image);
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  const shrunk = [width, height].map((side) => Math.max(1, Math.floor(scale * side)));
  const [sx, sy] = [shrunk[0] / width, shrunk[1] / height];
  return {
    ...sample,
    image: await part(image, { left, top, width, height }, shrunk[0], shrunk[1]),
    points: points.map((value, i) => (i % 2 === 0 ? (value - left) * sx : (value - top) * sy)),
    ...(box && {
      box: [(box[0] - left) * sx, (box[1] - top) * sy, (box[2] - left) * sx, (box[3] - top) * sy],
    }),
    ...(unit !== undefined && { unit: unit * scale }),
  };
}

/**
 * A face to measure on with all of its picture that is looked at for that, unshrunk and cut at whole pixels: figures are
 * those of the whole picture, but for rounding. Points and box go along. Small pictures stay as they are.
 */
export function measuredPartOf(sample: Sample): Sample {
  const { image, points, box } = sample;
  if (!points || Math.max(image.width, image.height) <= SMALL) return sample;
  const { left, top, width, height } = cutAround(box ?? points, WHOLE_REACH, image);
  if (width === image.width && height === image.height) return sample;
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + width * channels), row * width * channels);
  }
  return {
    ...sample,
    image: { data, width, height, channels },
    points: points.map((value, i) => value - (i % 2 === 0 ? left : top)),
    ...(box && { box: [box[0] - left, box[1] - top, box[2] - left, box[3] - top] }),
  };
}

interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The square of `reach` boxes about a face, as far as the picture goes. */
function cutAround(box: ArrayLike<number>, reach: number, image: Pixels): Cut {
  const { cx, cy, size } = regionOfPoints(box, reach);
  const [left, width] = overlap(cx, size, image.width);
  const [top, height] = overlap(cy, size, image.height);
  return { left, top, width, height };
}

/** Start and length, whole px and at least one, of what a span about `centre` has in common with 0 to `side`. */
function overlap(centre: number, span: number, side: number): [start: number, length: number] {
  const start = Math.min(side - 1, Math.max(0, Math.floor(centre - span / 2)));
  const end = Math.min(side, Math.max(start + 1, Math.ceil(centre + span / 2)));
  return [start, end - start];
}

/** Shrinks by weighted means alone, as crops are sampled: other kernels sharpen. In memory that threads share. */
async function part(
  { data, width, height, channels }: Pixels,
  cut: Cut,
  toWidth: number,
  toHeight: number,
): Promise<Pixels> {
  const whole = sharp(data, { raw: { width, height, channels } });
  const grey = whole.extract(cut).resize(toWidth, toHeight, { fit: 'fill', kernel: 'linear' });
  const { data: kept, info } = await (channels === 1 ? grey.toColourspace('b-w') : grey)
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error('did not keep its channels');
  return { data: sharedCopy(kept), width: toWidth, height: toHeight, channels };
}
