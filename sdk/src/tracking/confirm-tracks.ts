import type { Region } from '../crop/region.ts';
import { boxOfPoints, boxOverlap, type Box, type Finding } from '../face.ts';
import type { Frame } from '../input/frame.ts';
import { distance, SAME_FACE } from './association.ts';
import type { FaceFinder } from './finder.ts';
import { placeOf, type Place } from './motion.ts';
import type { Track } from './track.ts';

/** Sees one frame as often as it is asked to. */
type Finder = Pick<FaceFinder, 'detect' | 'locate' | 'regionOf' | 'regionOfDetection'>;

/**
 * Points of a face hardly depend on the crop: 99 % of turned faces (AFLW2000, `lite`) differ by less than 0.12 (see
 * `distance`) after a crop 1.25 times as large, and by less than 0.09 after one that the detector places. A network that
 * only echoes its crop differs by 0.22.
 */
const AGREEMENT = 0.15;
const WIDER = 1.25;
/** Here networks that are half an echo differ by 0.3, where good ones do by 0.05; only faces in profile by more. */
const NARROWER = 0.8;

/**
 * Confirms the doubtful ones of the faces that were followed to this frame. Each is looked at in a second crop, which
 * does not come from its own points but from the detector: the detector is the one to be believed. Where it sees no
 * face, as with one that is turned far away, points stand that stay the same in a wider crop; else the face is let go.
 */
export async function confirmTracks(
  tracks: readonly Track[],
  finder: Finder,
  frame: Frame,
  time: number,
): Promise<void> {
  for (const track of tracks.filter((each) => each.isDoubtful(time))) {
    const others = tracks.filter((other) => other !== track && !other.lost);
    await confirm(track, others, finder, frame, time);
  }
}

async function confirm(
  track: Track,
  others: readonly Track[],
  finder: Finder,
  frame: Frame,
  time: number,
): Promise<void> {
  const look = await lookAgain(track, others, finder, frame);
  const stands = (factors: readonly number[]): Promise<boolean> =>
    standsInCrops(look.finding, factors, finder, frame);
  switch (look.verdict) {
    case 'unseen':
      if (await stands([WIDER])) track.confirm(time, track.cropSize);
      else track.lose();
      break;
    case 'elsewhere':
      track.correct(look.detected, time, look.cropSize);
      break;
    case 'agrees': {
      // Once it was wrong, agreeing with a crop of the same size proves nothing.
      const trusted = track.cropSize === undefined || (await stands([WIDER, NARROWER]));
      track.confirm(time, trusted ? undefined : look.cropSize);
    }
  }
}

/** `finding`: the face where it was followed to. `detected`, `cropSize`: the face in the crop that the detector places. */
type Look = { readonly finding: Finding } & (
  | { readonly verdict: 'unseen' }
  | { readonly verdict: 'elsewhere' | 'agrees'; readonly detected: Finding; readonly cropSize: number }
);

/** What the detector, and the network in its crop, say of a face. */
async function lookAgain(
  track: Track,
  others: readonly Track[],
  finder: Finder,
  frame: Frame,
): Promise<Look> {
  const region = await detectedRegion(track, others, finder, frame);
  // A video may have gone on since the face was followed in it: on the processor, the detector's pixels are later ones, and
  // what is compared has to come from one moment.
  const [again] = frame.live ? await finder.locate(frame, [finder.regionOf(track.finding)]) : [];
  const finding = again ?? track.finding;
  const [detected] = region ? await finder.locate(frame, [region]) : [];
  if (!region || !detected) return { verdict: 'unseen', finding };
  const verdict = agree(finding, detected) ? 'agrees' : 'elsewhere';
  return { verdict, finding, detected, cropSize: region.size };
}

/** Whether the points stay the same in crops of other sizes. */
async function standsInCrops(
  finding: Finding,
  factors: readonly number[],
  finder: Finder,
  frame: Frame,
): Promise<boolean> {
  const region = finder.regionOf(finding);
  const crops = factors.map((factor) => ({ ...region, size: factor * region.size }));
  return (await finder.locate(frame, crops)).every((other) => other && agree(finding, other));
}

/** Where the detector sees the face: where it was followed to, or else where it was confirmed last. */
async function detectedRegion(
  { finding, confirmedPlace }: Track,
  others: readonly Track[],
  finder: Finder,
  frame: Frame,
): Promise<Region | undefined> {
  const followed = boxOfPoints(finding.points);
  const own = (await finder.detect(frame))
    .filter(({ box }) => others.every((other) => !same(box, boxOfPoints(other.finding.points))))
    .map((detection) => ({ detection, far: distance(placeOfBox(followed), placeOfBox(detection.box)) }))
    .sort((a, b) => a.far - b.far)
    .map(({ detection }) => detection);
  const found =
    own.find(({ box }) => same(box, followed)) ?? own.find(({ box }) => same(box, boxAround(confirmedPlace)));
  return found && finder.regionOfDetection(found);
}

const agree = (a: Finding, b: Finding): boolean => distance(placeOf(a), placeOf(b)) < AGREEMENT;

const same = (a: Box, b: Box): boolean => boxOverlap(a, b) >= SAME_FACE;

const placeOfBox = ({ x, y, width, height }: Box): Place => ({
  x: x + width / 2,
  y: y + height / 2,
  size: Math.max(width, height),
});

const boxAround = ({ x, y, size }: Place): Box => ({
  x: x - size / 2,
  y: y - size / 2,
  width: size,
  height: size,
});
