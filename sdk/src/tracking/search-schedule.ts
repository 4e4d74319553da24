import type { TrackList } from './track-list.ts';

/** While there is room for more faces, they are looked for this often, ms. */
const INTERVAL = 500;
/** More often while one that was there a moment ago is missing. */
const MISSING_INTERVAL = 150;

/** When the detector, which is dear, looks for faces that are not followed. */
export class SearchSchedule {
  /** ms */
  #last = -Infinity;

  /**
   * Whether to look in the frame of `time`, ms; if so, it counts as done. At once where no face is followed or one has just
   * been lost, else now and then.
   * @param before how many were followed up to this frame
   */
  isDue(time: number, { visible, missing }: TrackList, before: number): boolean {
    const interval = missing ? MISSING_INTERVAL : INTERVAL;
    // A step back in time is another scene.
    const waited = Math.abs(time - this.#last) >= interval;
    const due = visible.length === 0 || visible.length < before || waited;
    if (due) this.#last = time;
    return due;
  }
}
