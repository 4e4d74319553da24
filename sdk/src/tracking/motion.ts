import type { Finding } from '../face.ts';

/** Where a face is taken to be: the mean of its points, px, and its size (`Finding.size`), px. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Time constant of the velocity's low-pass, ms. */
const VELOCITY_TIME = 100;
/** A face out of sight is taken to slow down with this time constant, ms. */
const DAMPING_TIME = 500;

/**
 * A face's motion: constant velocity, as in SORT (Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016), but
 * damped, since a face that nobody sees may have stopped, and low-passed by time in place of a Kalman filter, so that
 * nothing depends on the frame rate. The size is taken to stay.
 */
export class Motion {
  #place: Place;
  #time: number;
  /** px/ms */
  #vx = 0;
  #vy = 0;

  constructor(place: Place, time: number) {
    this.#place = place;
    this.#time = time;
  }

  /** How long ago the face was seen, ms. */
  age(time: number): number {
    return time - this.#time;
  }

  /** @param clear whether the face is seen whole; else its place counts, its velocity does not */
  update(place: Place, time: number, clear: boolean): void {
    const dt = time - this.#time;
    if (dt > 0 && clear) {
      const weight = 1 - Math.exp(-dt / VELOCITY_TIME);
      this.#vx += weight * ((place.x - this.#place.x) / dt - this.#vx);
      this.#vy += weight * ((place.y - this.#place.y) / dt - this.#vy);
    }
    this.#place = place;
    this.#time = time;
  }

  predict(time: number): Place {
    const reach = DAMPING_TIME * (1 - Math.exp(-Math.max(0, this.age(time)) / DAMPING_TIME));
    const { x, y, size } = this.#place;
    return { x: x + this.#vx * reach, y: y + this.#vy * reach, size };
  }
}

export function placeOf({ points, size }: Finding): Place {
  let x = 0;
  let y = 0;
  for (let i = 0; i < points.length; i += 2) {
    x += points[i];
    y += points[i + 1];
  }
  return { x: (2 * x) / points.length, y: (2 * y) / points.length, size };
}
