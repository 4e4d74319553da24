import type { Sample } from '../datasets/sample.ts';
import type { FaceResult } from '../evaluation/on-samples.ts';
import { PRESENCE_THRESHOLD } from '../evaluation/presence.ts';
import { markupShiftOf } from '../evaluation/markup-shift.ts';
import { correctLabel, type Corrected, type Corrections } from './correction.ts';

/** What a teacher says of faces, one result each; it tells how many are done as it goes. */
export type Look = (
  faces: readonly Sample[],
  onProgress: (done: number) => void,
) => Promise<readonly FaceResult[]>;

/** Faces of one set whose labels were corrected, and those that kept theirs as the teacher was not to be trusted. */
export interface TaughtCount {
  readonly corrected: number;
  readonly kept: number;
}

export interface Taught {
  /** As many as were given, in their order; those of other sets are the same objects. */
  readonly samples: Sample[];
  /** By set, of those that are corrected. */
  readonly counts: Readonly<Record<string, TaughtCount>>;
  /** By set, of those that are corrected: what their labels were moved by to the left, crop units. */
  readonly markupShifts: Readonly<Record<string, number>>;
}

/**
 * How far a label's scale may be from the teacher's. Networks learn with a deviation of 7 % of it: five deviations out,
 * the crop by that label shows what no teacher has seen, and what it says there is a guess.
 */
const SCALES: readonly [least: number, most: number] = [0.7, 1.4];

/** Of fewer faces, what moves their labels to one side may be chance. */
const LEAST_FACES = 30;

/**
 * Faces with the labels of noisy sets corrected. First all labels of such a set lose what moves them to one side of where the
 * teacher sees the points, see `markupShiftOf`: as every other crop is flipped, a student cannot learn it. A label is kept
 * otherwise where the teacher sees no face (presence below 0.5) or would scale it by less than 0.7 or more than 1.4.
 * @param look says where it sees the points of a crop, without a shift of the markup
 */
export async function correctLabels(
  samples: readonly Sample[],
  corrections: Corrections,
  look: Look,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Taught> {
  const due = [...samples.keys()].filter(
    (i) => samples[i].points && Object.hasOwn(corrections, samples[i].set),
  );
  // A label that was badly placed was badly cropped as well.
  const misplaced = due.filter((i) => corrections[samples[i].set].register);
  const total = due.length + misplaced.length;

  const first = await look(
    due.map((i) => samples[i]),
    (done) => onProgress(done, total),
  );
  const markupShifts = markupShiftsOf(first);
  const plain = [...samples];
  due.forEach((i, k) => {
    const shift = markupShifts[samples[i].set];
    if (shift !== 0) plain[i] = moved(samples[i], [1, -shift * first[k].span, 0]);
  });
  const taught = [...plain];
  const correct = (i: number, result: FaceResult) => {
    taught[i] = corrected(plain[i], result, corrections[plain[i].set]) ?? plain[i];
  };

  due.forEach((i, k) => correct(i, first[k]));
  const second = await look(
    misplaced.map((i) => taught[i]),
    (done) => onProgress(due.length + done, total),
  );
  misplaced.forEach((i, k) => correct(i, second[k]));

  const kept = new Set(due.filter((i) => taught[i] === plain[i]));
  return { samples: taught, counts: countsOf(samples, due, kept), markupShifts };
}

function markupShiftsOf(results: readonly FaceResult[]): Taught['markupShifts'] {
  const sets = [...new Set(results.map(({ set }) => set))];
  const shiftOf = (wanted: string) => {
    const told = results.filter((result) => result.set === wanted && isSure(result));
    return told.length < LEAST_FACES ? 0 : markupShiftOf(told);
  };
  return Object.fromEntries(sets.map((set) => [set, shiftOf(set)]));
}

/** Undefined where the teacher is not to be trusted. */
function corrected(sample: Sample, result: FaceResult, correction: Corrections[string]): Sample | undefined {
  const { predicted, spread } = result;
  if (!sample.points || !spread || !isSure(result)) return undefined;
  const { points, moved: placed } = correctLabel(sample.points, predicted, spread, correction);
  const [scale] = placed;
  // A scale that could not be fitted is NaN, which fails the comparisons too.
  if (!(scale >= SCALES[0] && scale <= SCALES[1])) return undefined;
  return { ...moved(sample, placed), points };
}

function isSure({ presence = 1 }: FaceResult): boolean {
  return presence >= PRESENCE_THRESHOLD;
}

/** The face with its points and box elsewhere: new = scale * old + (x, y). */
function moved(sample: Sample, [scale, x, y]: Corrected['moved']): Sample {
  const { points, box } = sample;
  return {
    ...sample,
    points: points?.map((value, i) => scale * value + (i % 2 === 0 ? x : y)),
    ...(box && {
      box: [scale * box[0] + x, scale * box[1] + y, scale * box[2] + x, scale * box[3] + y] as const,
    }),
  };
}

function countsOf(
  samples: readonly Sample[],
  due: readonly number[],
  kept: ReadonlySet<number>,
): Taught['counts'] {
  const counts: Record<string, { corrected: number; kept: number }> = {};
  for (const i of due) {
    const count = (counts[samples[i].set] ??= { corrected: 0, kept: 0 });
    count[kept.has(i) ? 'kept' : 'corrected']++;
  }
  return counts;
}
