import type { Finding } from '../face.ts';
import { PointFilter } from '../smoothing/one-euro.ts';
import { Motion, placeOf, type Place } from './motion.ts';
import type { TrackingOptions } from './options.ts';

/** Of the face's size: what a crop bears without being moved. */
const MARGIN = 0.05;

/** One face through the frames of a stream. */
export class Track {
  readonly id: number;
  readonly #filter = new PointFilter();
  #motion: Motion;
  #finding: Finding;
  #lost = false;

  constructor(id: number, finding: Finding, time: number) {
    this.id = id;
    this.#finding = finding;
    this.#motion = new Motion(placeOf(finding), time);
  }

  /** The face when it was last seen. */
  get finding(): Finding {
    return this.#finding;
  }

  /** Whether the face is out of sight; its id waits for it. */
  get lost(): boolean {
    return this.#lost;
  }

  /** The face's points in the frame of `time` as they are handed out, px; with smoothing off as they were found. */
  smoothedPoints(smoothing: TrackingOptions['smoothing'], time: number): Float32Array {
    const { points, size, spread } = this.#finding;
    if (smoothing === false) {
      this.#filter.reset();
      return points;
    }
    this.#filter.configure(smoothing === true ? {} : smoothing);
    return this.#filter.filter(points, size, time, spread);
  }

  /** Where the face is expected. */
  predict(time: number): Place {
    return this.#motion.predict(time);
  }

  /**
   * How far the next crop should move, px. Small steps are left to the crop's margin: what is noise or an error of the
   * network would feed itself.
   */
  step(time: number): { readonly dx: number; readonly dy: number } {
    const from = placeOf(this.#finding);
    const to = this.predict(time);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const part = length > 0 ? Math.max(0, 1 - (MARGIN * from.size) / length) : 0;
    return { dx: part * (to.x - from.x), dy: part * (to.y - from.y) };
  }

  /** ms since the face was seen. */
  age(time: number): number {
    return this.#motion.age(time);
  }

  /** @param clear whether no other face covers a part of it */
  see(finding: Finding, time: number, clear = true): void {
    this.#motion.update(placeOf(finding), time, clear);
    this.#finding = finding;
    this.#lost = false;
  }

  /** From `time` on as if the face had not moved before. */
  rest(time: number): void {
    this.#motion = new Motion(placeOf(this.#finding), time);
  }

  lose(): void {
    this.#lost = true;
  }
}
