import type { Finding } from '../face.ts';
import { assignGreedily, distance, overlap, withoutDuplicates } from './association.ts';
import { placeOf } from './motion.ts';
import { Track } from './track.ts';

/** A face that is out of sight for longer, ms, comes back as another one. */
const MAX_LOST = 1500;
/** A face comes back near where it was expected: this many face sizes (see `distance`), and more for each second away. */
const GATE = 0.5;
const GATE_GROWTH = 1;
/** Its size must be alike: at most this in the logarithm. */
const SIZE_GATE = 0.4;
/** Where boxes overlap more than this, one face covers a part of the other. */
const COVERED = 0.1;

/**
 * The faces of one stream and their ids. Only places and sizes tell faces apart, not looks: two that turn round behind
 * each other, or one that leaves as another comes within 1.5 s in the same place, cannot be told.
 */
export class TrackList {
  #tracks: Track[] = [];
  #time = -Infinity;
  readonly #nextId: () => number;

  /** @param nextId gives each new face its number */
  constructor(nextId: () => number) {
    this.#nextId = nextId;
  }

  /** Faces in sight, those followed longest first. */
  get visible(): readonly Track[] {
    return this.#tracks.filter(({ lost }) => !lost);
  }

  /** Whether a face went out of sight a moment ago. */
  get missing(): boolean {
    return this.#tracks.some(({ lost }) => lost);
  }

  /** Begins the frame of `time`, ms: forgets who is away for too long; a step back in time ends all motion. */
  begin(time: number, maxFaces: number): void {
    if (time < this.#time) {
      this.#tracks = this.#tracks.filter((track) => !track.lost);
      for (const track of this.#tracks) track.rest(time);
    }
    this.#time = time;
    const dropped = new Set(this.visible.slice(maxFaces));
    this.#tracks = this.#tracks.filter(
      (track) => !dropped.has(track) && !(track.lost && track.age(time) > MAX_LOST),
    );
  }

  /**
   * What was found where the visible faces were expected. Of two tracks that found the same face, it is the one's that
   * expected it there: when a face passes behind another, its track must not go on with the nearer face.
   * @param found for each of `visible`; undefined: no face
   */
  follow(found: readonly (Finding | undefined)[]): void {
    const time = this.#time;
    const all = this.visible.map((track, i) => ({ track, finding: found[i] }));
    const seen = all.flatMap(({ track, finding }) => {
      if (!finding) return [];
      const error = distance(track.predict(time), placeOf(finding)) + meanSpread(finding);
      return [{ track, finding, error }];
    });
    const kept = withoutDuplicates(seen.sort((a, b) => a.error - b.error));
    for (const { track } of all) track.lose();
    for (const { track, finding } of kept) {
      const clear = isClear(
        finding,
        kept.map((other) => other.finding),
      );
      track.see(finding, time, clear);
    }
  }

  /** What the detector found besides the visible faces: those that came back, and new ones. */
  add(found: readonly Finding[]): void {
    const time = this.#time;
    const lost = this.#tracks.filter((track) => track.lost);
    const costs = found.map((finding) => lost.map((track) => costOfReturn(track, finding, time)));
    const inSight = [...this.visible.map(({ finding }) => finding), ...found];
    assignGreedily(costs).forEach((j, i) => {
      if (j === undefined) this.#tracks.push(new Track(this.#nextId(), found[i], time));
      else {
        lost[j].see(found[i], time, isClear(found[i], inSight));
        lost[j].confirm(time);
      }
    });
  }
}

function costOfReturn(track: Track, finding: Finding, time: number): number {
  const expected = track.predict(time);
  const place = placeOf(finding);
  if (Math.abs(Math.log(place.size / expected.size)) > SIZE_GATE) return Infinity;
  const cost = distance(expected, place);
  return cost < GATE + (GATE_GROWTH * track.age(time)) / 1000 ? cost : Infinity;
}

function isClear(finding: Finding, all: readonly Finding[]): boolean {
  return all.every((other) => other === finding || overlap(finding, other) < COVERED);
}

/** Expected error of a finding's points, in face sizes: a face that is covered in part has more. */
function meanSpread({ spread, size }: Finding): number {
  return spread.reduce((sum, value) => sum + value, 0) / spread.length / size;
}
