import type { Sample } from '../datasets/sample.ts';
import type { FaceResult } from '../evaluation/on-samples.ts';
import { PRESENCE_THRESHOLD } from '../evaluation/presence.ts';
import { correctLabel, type Corrections } from './correction.ts';

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
  /** As many as were given, in their order; those not corrected are the same objects. */
  readonly samples: Sample[];
  /** By set, of those that are corrected. */
  readonly counts: Readonly<Record<string, TaughtCount>>;
}

/**
 * How far a label's scale may be from the teacher's. Networks learn with a deviation of 7 % of it: five deviations out,
 * the crop by that label shows what no teacher has seen, and what it says there is a guess.
 */
const SCALES: readonly [least: number, most: number] = [0.7, 1.4];

/**
 * Faces with the labels of noisy sets corrected. A label stays as it is where the teacher sees no face (presence below
 * 0.5) or would scale it by less than 0.7 or more than 1.4.
 */
export async function correctLabels(
  samples: readonly Sample[],
  corrections: Corrections,
  look: Look,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Taught> {
  const taught = [...samples];
  const firstLook = [...samples.keys()].filter(
    (i) => samples[i].points && Object.hasOwn(corrections, samples[i].set),
  );
  // A label that was badly placed was badly cropped as well.
  const secondLook = firstLook.filter((i) => corrections[samples[i].set].register);
  const total = firstLook.length + secondLook.length;
  let done = 0;
  for (const due of [firstLook, secondLook]) {
    const results = await look(
      due.map((i) => taught[i]),
      (now) => onProgress(done + now, total),
    );
    done += due.length;
    results.forEach((result, k) => {
      const sample = samples[due[k]];
      taught[due[k]] = corrected(sample, result, corrections[sample.set]) ?? sample;
    });
  }
  return { samples: taught, counts: countsOf(samples, taught, firstLook) };
}

/** Undefined where the teacher is not to be trusted. */
function corrected(
  sample: Sample,
  { predicted, spread, presence = 1 }: Pick<FaceResult, 'predicted' | 'spread' | 'presence'>,
  correction: Corrections[string],
): Sample | undefined {
  if (!sample.points || !spread || presence < PRESENCE_THRESHOLD) return undefined;
  const { points, moved } = correctLabel(sample.points, predicted, spread, correction);
  const [scale, x, y] = moved;
  // A scale that could not be fitted is NaN, which fails the comparisons too.
  if (!(scale >= SCALES[0] && scale <= SCALES[1])) return undefined;
  if (!sample.box) return { ...sample, points };
  const [left, top, right, bottom] = sample.box;
  return {
    ...sample,
    points,
    box: [scale * left + x, scale * top + y, scale * right + x, scale * bottom + y],
  };
}

function countsOf(
  samples: readonly Sample[],
  taught: readonly Sample[],
  due: readonly number[],
): Taught['counts'] {
  const counts: Record<string, TaughtCount> = {};
  for (const i of due) {
    const { corrected, kept } = counts[samples[i].set] ?? { corrected: 0, kept: 0 };
    const isKept = taught[i] === samples[i];
    counts[samples[i].set] = { corrected: corrected + (isKept ? 0 : 1), kept: kept + (isKept ? 1 : 0) };
  }
  return counts;
}
