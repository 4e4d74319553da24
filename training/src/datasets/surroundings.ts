import sharp from 'sharp';
import { regionOfPoints } from '../../../sdk/src/crop/region.ts';
import type { Pixels } from '../../../sdk/src/crop/sample.ts';
import type { Sample } from './sample.ts';

/** Of the longer side of the face's box: as far as turned, moved and enlarged crops of it reach, but for rare corners. */
const REACH = 2;
/** Longer side of the face's box, px: twice as many as the finest crops show (224 px of 1.4 boxes). */
export const LARGEST_FACE = 320;

/**
 * A face with as much of its picture as training looks at, so that memory does not grow with the picture. Points and box
 * go along. Beyond the cut, as beyond a picture, the edge's pixels are repeated. Pictures that would hardly become
 * smaller, and those without a face, stay as they are.
 * @param largest px: pictures of larger faces are shrunk until the box's longer side is this
 */
export async function surroundingsOf(sample: Sample, largest = LARGEST_FACE): Promise<Sample> {
  const { image, points, box, unit } = sample;
  if (!points || Math.max(image.width, image.height) <= REACH * LARGEST_FACE) return sample;
  const { cx, cy, size } = regionOfPoints(box ?? points, REACH);
  const [left, width] = overlap(cx, size, image.width);
  const [top, height] = overlap(cy, size, image.height);
  const scale = Math.min(1, (REACH * largest) / size);
  const shrunk = [width, height].map((side) => Math.max(1, Math.round(scale * side)));
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

/** Start and length, whole px and at least one, of what a span about `centre` has in common with 0 to `side`. */
function overlap(centre: number, span: number, side: number): [start: number, length: number] {
  const start = Math.min(side - 1, Math.max(0, Math.floor(centre - span / 2)));
  const end = Math.min(side, Math.max(start + 1, Math.ceil(centre + span / 2)));
  return [start, end - start];
}

async function part(
  { data, width, height, channels }: Pixels,
  cut: { left: number; top: number; width: number; height: number },
  toWidth: number,
  toHeight: number,
): Promise<Pixels> {
  const whole = sharp(data, { raw: { width, height, channels } });
  const grey = whole.extract(cut).resize(toWidth, toHeight, { fit: 'fill' });
  const { data: kept, info } = await (channels === 1 ? grey.toColourspace('b-w') : grey)
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error('did not keep its channels');
  return { data: new Uint8Array(kept), width: toWidth, height: toHeight, channels };
}
