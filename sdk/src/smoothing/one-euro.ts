import { FaceKeypointsError } from '../errors.ts';
import { checkOptionNames } from '../option-names.ts';

/**
 * One Euro filter (Casiez, Roussel, Vogel, "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
 * Interactive Systems", CHI 2012) for sets of points: steady when the face holds still, close behind it when it moves.
 * Time comes from the timestamps, so that from 30 frames a second on the result does not depend on the frame rate; speed
 * counts in face sizes, so that it does not depend on the face's distance.
 * Two things are added. Each point's expected error tells how much of its speed is noise: a resting point trembles in
 * proportion to it (correlation 0.72 to 0.80 on three faces under camera noise), and that much speed counts as rest.
 * So a slow motion stays behind by at most restSpeed / (2π minCutoff) expected errors, by default 1. And a step counts as
 * 1/30 s at most: noise comes with the frame, and a slow machine has too few of them in a given time to average it away
 * (at 15 frames a second 0.31 of the jitter would stay, at 8 0.42, in place of 0.21). Below 30 frames a second, "per second"
 * is therefore per 30 frames, here and in the options: at 15 the same motion counts as twice as fast, and beta gains it twice the Hz.
 */
export interface SmoothingOptions {
  /** Cutoff of a point at rest, Hz: lower is steadier. */
  readonly minCutoff?: number;
  /** Hz gained per face size per second: higher follows fast motion more closely. */
  readonly beta?: number;
  /** Cutoff of the speed's own filter, Hz. */
  readonly speedCutoff?: number;
  /** Speed that counts as rest, in expected errors (`Face.spread`) per second: higher is steadier. */
  readonly restSpeed?: number;
}

/** Tuned on stills moved along known paths (`test/sdk/known-path.test.ts`). */
export const DEFAULT_SMOOTHING: Readonly<Required<SmoothingOptions>> = {
  minCutoff: 0.5,
  beta: 50,
  speedCutoff: 1.5,
  restSpeed: 4,
};

/**
 * Options with the defaults for what is left out.
 * @throws FaceKeypointsError `option-invalid`
 */
export function checkSmoothing(options: SmoothingOptions): Required<SmoothingOptions> {
  if (typeof options !== 'object' || options === null) {
    const message = `smoothing must be true, false or an object of numbers, not ${String(options)}.`;
    throw new FaceKeypointsError('option-invalid', message);
  }
  checkOptionNames(options, Object.keys(DEFAULT_SMOOTHING), 'smoothing.');
  const checked: { -readonly [name in keyof SmoothingOptions]-?: number } = { ...DEFAULT_SMOOTHING };
  for (const name of Object.keys(checked) as (keyof SmoothingOptions)[]) {
    const value = options[name] ?? checked[name];
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new FaceKeypointsError(
        'option-invalid',
        `smoothing.${name} must be a number from 0, not ${String(value)}.`,
      );
    }
    checked[name] = value;
  }
  return checked;
}

/** After a longer gap, ms, the past says nothing about the present. */
const MAX_GAP = 500;
/** What a step counts as at most, s. */
const MAX_STEP = 1 / 30;

/** What is known of the points so far; x0, y0, x1, … in px. */
interface State {
  readonly output: Float32Array;
  readonly input: Float32Array;
  /** px/s; below 30 frames a second, px per 30 frames. */
  readonly velocity: Float32Array;
  /** Of the last frame, ms. */
  time: number;
  /** All steps together, each 1/30 s at most; s. */
  length: number;
}

export class PointFilter {
  #options: Required<SmoothingOptions>;
  #state: State | undefined;

  /** @throws FaceKeypointsError `option-invalid` */
  constructor(options: SmoothingOptions = {}) {
    this.#options = checkSmoothing(options);
  }

  /** Other cutoffs from the next call on; what was seen so far stays. Throws as the constructor. */
  configure(options: SmoothingOptions): void {
    this.#options = checkSmoothing(options);
  }

  /**
   * @param points x0, y0, x1, … in px; not changed
   * @param faceSize px
   * @param time ms; a step back or a gap starts afresh
   * @param spread expected error of each point, px; without it no speed counts as rest
   * @returns a new array
   */
  filter(points: Float32Array, faceSize: number, time: number, spread?: ArrayLike<number>): Float32Array {
    const state = this.#state;
    const gap = state ? time - state.time : Infinity;
    if (!state || gap < 0 || gap > MAX_GAP) {
      const velocity = new Float32Array(points.length);
      this.#state = { output: points.slice(), input: points.slice(), velocity, time, length: 0 };
      return points.slice();
    }
    const { output, input, velocity } = state;
    // The same frame twice.
    if (gap === 0) return output.slice();
    const dt = Math.min(gap / 1000, MAX_STEP);
    state.time = time;
    state.length += dt;
    const { minCutoff, beta, speedCutoff, restSpeed } = this.#options;
    const speedAlpha = alpha(speedCutoff, dt);
    // At first the mean of what was seen: one noisy frame must not linger.
    const share = dt / (state.length + dt);
    for (let i = 0; i < points.length; i += 2) {
      for (let k = i; k < i + 2; k++) velocity[k] += speedAlpha * ((points[k] - input[k]) / dt - velocity[k]);
      // One cutoff for both axes: a point must not bend off its way.
      const noise = restSpeed * (spread?.[i / 2] ?? 0);
      const speed = Math.max(0, Math.hypot(velocity[i], velocity[i + 1]) - noise) / faceSize;
      const a = Math.max(alpha(minCutoff + beta * speed, dt), share);
      for (let k = i; k < i + 2; k++) output[k] += a * (points[k] - output[k]);
    }
    input.set(points);
    return output.slice();
  }

  reset(): void {
    this.#state = undefined;
  }
}

/** Weight of the new value of a first-order low-pass, exact for any step: 1 - e^(-2π f dt). */
function alpha(cutoff: number, dt: number): number {
  return 1 - Math.exp(-2 * Math.PI * cutoff * dt);
}
