import type { Finding } from '../face.ts';
import { PointFilter } from '../smoothing/one-euro.ts';
import { Confirmation } from './confirmation.ts';
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
  #clear = true;
  readonly #confirmation: Confirmation;

  /** @param finding what the detector has just found */
  constructor(id: number, finding: Finding, time: number) {
    this.id = id;
    this.#finding = finding;
    this.#motion = new Motion(placeOf(finding), time);
    this.#confirmation = new Confirmation(placeOf(finding), time);
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
    this.#clear = clear;
  }

  /** Where it was confirmed last that the face is there. */
  get confirmedPlace(): Place {
    return this.#confirmation.place;
  }

  /** Side of the next crops, px, where the points are not to be trusted with it. */
  get cropSize(): number | undefined {
    return this.#confirmation.cropSize;
  }

  /** Whether the face has to be confirmed; a covered one waits, as the detector may see only the other. */
  isDoubtful(time: number): boolean {
    return this.#clear && !this.#lost && this.#confirmation.isDue(placeOf(this.#finding), time);
  }

  /** The face is where it was seen. @param cropSize see `cropSize` */
  confirm(time: number, cropSize?: number): void {
    this.#confirmation.confirm(placeOf(this.#finding), time, cropSize);
  }

  /** It is not where it was followed to but here. @param cropSize see `cropSize` */
  correct(finding: Finding, time: number, cropSize: number): void {
    this.#finding = finding;
    // What was followed was no motion of the face.
    this.rest(time);
    this.confirm(time, cropSize);
  }

  /** From `time` on as if the face had not moved before. */
  rest(time: number): void {
    this.#motion = new Motion(placeOf(this.#finding), time);
  }

  lose(): void {
    this.#lost = true;
  }
}
