import { imageToCrop, regionOfPoints, type Region } from '../../../sdk/src/crop/region.ts';
import { normalizeCrop, sampleCrop } from '../../../sdk/src/crop/sample.ts';
import { MIRROR } from '../../../sdk/src/landmarks/schema.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Random } from '../support/random.ts';
import { bilinear } from './bilinear.ts';
import { blink } from './blink.ts';
import type { AugmentationSettings } from './settings.ts';
import { randomWarp, warpCrop, warpPoints } from './warp.ts';

/** How much wider a crop that is warped afterwards is cut, so that it does not end where it is pulled in; and how much finer. */
const REACH = 1.25;
const FINER = 1.2;

/** One training crop, written in place. */
export interface CropTarget {
  /** `size * size`, normalised grey. */
  readonly crop: Float32Array;
  /** x and y of each landmark in crop units, 0 where unknown. */
  readonly points: Float32Array;
  /** One value a landmark: 1 where the point is known, else 0. */
  readonly known: Float32Array;
}

/** The square around an annotated face as the literature cuts it: upright in the picture, the points' box enlarged. */
export function faceRegion(sample: Sample, cropFactor: number): Region {
  if (sample.box) return regionOfPoints(sample.box, cropFactor);
  if (!sample.points) throw new Error(`${sample.name} shows no face`);
  return regionOfPoints(sample.points, cropFactor);
}

/**
 * A face as it might have been photographed and found.
 * @param pairs the landmark that each becomes in the flipped picture; null: not known, so never flipped
 */
export function augmentFace(
  sample: Sample,
  size: number,
  cropFactor: number,
  settings: AugmentationSettings,
  random: Random,
  target: CropTarget,
  pairs: readonly number[] | null = MIRROR,
): void {
  const face = faceRegion(sample, cropFactor);
  const region: Region = {
    cx: face.cx + random.normal() * settings.shift * face.size,
    cy: face.cy + random.normal() * settings.shift * face.size,
    size: face.size * Math.exp(random.normal() * settings.scale),
    angle: (random.normal() * settings.rotation * Math.PI) / 180,
  };
  const points = imageToCrop(sample.points ?? [], region);
  cut(sample, region, size, settings, random, target.crop, points);
  // Without blinks nothing is drawn: a run that was started before they were there resumes with the crops it had.
  if (settings.blink && random.uniform() < settings.blink) {
    blink(target.crop, size, points, closingOf(random));
  }
  distort(target.crop, size, settings, random);
  if (random.uniform() < settings.mirror && pairs) mirror(target.crop, points, size, pairs);
  for (let i = 0; i < target.known.length; i++) {
    const isKnown = points[2 * i] === points[2 * i];
    target.known[i] = isKnown ? 1 : 0;
    target.points[2 * i] = isKnown ? points[2 * i] : 0;
    target.points[2 * i + 1] = isKnown ? points[2 * i + 1] : 0;
  }
}

/**
 * A crop that holds no face, or not enough of one to be tracked: any part of a picture without a face; or beside,
 * far inside or far around a face.
 */
export function augmentNoFace(
  sample: Sample,
  size: number,
  cropFactor: number,
  settings: AugmentationSettings,
  random: Random,
  target: CropTarget,
): void {
  const region = regionWithoutFace(sample, cropFactor, random);
  cut(sample, region, size, settings, random, target.crop);
  distort(target.crop, size, settings, random);
  target.points.fill(0);
  target.known.fill(0);
}

/** Where such a crop lies. */
export function regionWithoutFace(sample: Sample, cropFactor: number, random: Random): Region {
  const angle = random.between(-0.6, 0.6);
  const { width, height } = sample.image;
  if (!sample.points) {
    const size = Math.min(width, height) * random.between(0.15, 1);
    return { cx: random.between(0, width), cy: random.between(0, height), size, angle };
  }
  const face = faceRegion(sample, cropFactor);
  const kind = random.uniform();
  if (kind < 0.3) return { ...face, angle, size: face.size * random.between(0.2, 0.4) };
  if (kind < 0.5) return { ...face, angle, size: face.size * random.between(2.5, 4) };
  const direction = random.between(0, 2 * Math.PI);
  const distance = random.between(0.55, 1) * face.size;
  return {
    ...face,
    cx: face.cx + Math.cos(direction) * distance,
    cy: face.cy + Math.sin(direction) * distance,
    angle,
  };
}

/** Mostly both eyes alike, as people blink; half of the time shut altogether. */
function closingOf(random: Random): [right: number, left: number] {
  const one = Math.min(1, random.between(0.4, 1.6));
  const other = random.uniform() < 0.75 ? one : 0;
  return random.uniform() < 0.5 ? [one, other] : [other, one];
}

/** @param points in crop units: go along, in place */
function cut(
  sample: Sample,
  region: Region,
  size: number,
  settings: AugmentationSettings,
  random: Random,
  crop: Float32Array,
  points: Float32Array = new Float32Array(0),
): void {
  if (!settings.warp) return cutStraight(sample, region, size, settings, random, crop, size);
  const wider = { ...region, size: REACH * region.size };
  const side = Math.round(FINER * REACH * size);
  const source = new Float32Array(side * side);
  cutStraight(sample, wider, Math.round(REACH * size), settings, random, source, side);
  const displacement = randomWarp(settings.warp, random);
  warpCrop(source, side, REACH, crop, size, displacement);
  warpPoints(points, displacement);
}

/** @param size as fine as what is shown may be; `crop` has `side * side` values */
function cutStraight(
  { image }: Sample,
  region: Region,
  size: number,
  settings: AugmentationSettings,
  random: Random,
  crop: Float32Array,
  side: number,
): void {
  if (random.uniform() < settings.blur) {
    const small = Math.round(size * random.between(0.25, 0.7));
    enlarge(sampleCrop(image, region, small), small, crop, side);
  } else sampleCrop(image, region, side, crop);
}

function distort(crop: Float32Array, size: number, settings: AugmentationSettings, random: Random): void {
  const gamma = 2 ** (random.normal() * settings.gamma);
  for (let i = 0; i < crop.length; i++) crop[i] = 255 * (crop[i] / 255) ** gamma;
  if (random.uniform() < settings.shade) shade(crop, size, random);
  if (random.uniform() < settings.patch) patch(crop, size, random);
  if (random.uniform() < settings.noise) {
    const deviation = random.between(2, 14);
    for (let i = 0; i < crop.length; i++) crop[i] += random.normal() * deviation;
  }
  normalizeCrop(crop);
}

/** Bilinear, from a `small` to a `size` square. */
function enlarge(from: Float32Array, small: number, to: Float32Array, size: number): void {
  const at = (i: number) => ((i + 0.5) * small) / size;
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) to[row * size + col] = bilinear(from, small, at(col), at(row));
  }
}

/** Light from one side. */
function shade(crop: Float32Array, size: number, random: Random): void {
  const angle = random.between(0, 2 * Math.PI);
  const strength = random.between(0.2, 0.8);
  const dx = (Math.cos(angle) * strength * 2) / size;
  const dy = (Math.sin(angle) * strength * 2) / size;
  for (let row = 0, i = 0; row < size; row++) {
    for (let col = 0; col < size; col++, i++) {
      crop[i] *= Math.max(0.1, 1 + (col - size / 2) * dx + (row - size / 2) * dy);
    }
  }
}

/** Something in front of the face: a flat or noisy rectangle. */
function patch(crop: Float32Array, size: number, random: Random): void {
  const width = Math.round(size * random.between(0.1, 0.4));
  const height = Math.round(size * random.between(0.1, 0.4));
  const left = random.index(size - width);
  const top = random.index(size - height);
  const grey = random.between(0, 255);
  const grain = random.uniform() < 0.5 ? random.between(0, 60) : 0;
  for (let row = top; row < top + height; row++) {
    for (let col = left; col < left + width; col++) crop[row * size + col] = grey + random.normal() * grain;
  }
}

function mirror(crop: Float32Array, points: Float32Array, size: number, pairs: readonly number[]): void {
  for (let row = 0; row < size; row++) crop.subarray(row * size, (row + 1) * size).reverse();
  const from = points.slice();
  pairs.forEach((source, i) => {
    points[2 * i] = 1 - from[2 * source];
    points[2 * i + 1] = from[2 * source + 1];
  });
}
