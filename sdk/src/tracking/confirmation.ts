import type { Place } from './motion.ts';

/** A size that has changed by this factor is doubted: more than a mouth that opens wide (1.2) or a turn of the head does. */
const DOUBTFUL_SCALE = 1.3;
/** A face that has moved this far, in its sizes, is doubted: further, its box would leave the face that it began on. */
const DOUBTFUL_SHIFT = 0.75;
/** Sizes are doubted this often, ms: a collapse is caught within a few frames, and for as long a face must truly grow. */
const SCALE_INTERVAL = 100;
/** Moves are doubted this often, ms: faces do move, four sizes a second and more, and the detector should rest then too. */
const SHIFT_INTERVAL = 1000;
/** While crops are held, a third of the shift is doubted at once, and all is doubted this often, ms. */
const HELD_SHIFT = DOUBTFUL_SHIFT / 3;
const HELD_INTERVAL = 250;

/**
 * What is known of a face besides the chain of crops, each made from the points found in the one before: a network that
 * errs towards small, large or aside feeds its error to itself, at full presence. So once the face is far from where
 * another crop confirmed it, it is doubted (`confirmTracks` asks the detector), and where the network was wrong, its
 * points no longer say how large the next crop is.
 */
export class Confirmation {
  #place: Place;
  #time: number;
  #cropSize: number | undefined;

  /** @param place of a face that the detector has just found */
  constructor(place: Place, time: number) {
    this.#place = place;
    this.#time = time;
  }

  /** Where the face was confirmed last. */
  get place(): Place {
    return this.#place;
  }

  /** Side of the crops to come, px; undefined: as the points say. */
  get cropSize(): number | undefined {
    return this.#cropSize;
  }

  /** Whether a face followed to `place` has to be confirmed; never for one that rests. */
  isDue({ x, y, size }: Place, time: number): boolean {
    const held = this.#cropSize !== undefined;
    // A step back in time is another scene.
    const waited = Math.abs(time - this.#time);
    const scale = Math.abs(Math.log(size / this.#place.size));
    const shift = Math.hypot(x - this.#place.x, y - this.#place.y) / this.#place.size;
    return (
      (waited >= SCALE_INTERVAL && scale > Math.log(DOUBTFUL_SCALE)) ||
      (waited >= (held ? SCALE_INTERVAL : SHIFT_INTERVAL) && shift > (held ? HELD_SHIFT : DOUBTFUL_SHIFT)) ||
      (waited >= HELD_INTERVAL && held)
    );
  }

  /** The face is at `place`, and this large are the crops to come. */
  confirm(place: Place, time: number, cropSize: number | undefined): void {
    this.#place = place;
    this.#time = time;
    this.#cropSize = cropSize;
  }
}
