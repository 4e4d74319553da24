import { interOcularDistance, type Face } from 'face-keypoints';

const LENGTH = 90;

type Seen = Pick<Face, 'id' | 'keypoints'>;

/** How much a face's points tremble: their mean step from frame to frame beyond the step of the whole face. */
export class JitterTrace {
  #last: Seen | undefined;
  #values: readonly number[] = [];

  /** % of the distance between the outer eye corners, newest last. */
  get values(): readonly number[] {
    return this.#values;
  }

  add(face: Seen | undefined): void {
    const last = this.#last;
    this.#last = face && { id: face.id, keypoints: face.keypoints.slice() };
    // From one person to another is no step of either.
    if (!face || last?.id !== face.id) return;
    this.#values = [...this.#values.slice(1 - LENGTH), tremble(last.keypoints, face.keypoints)];
  }

  clear(): void {
    this.#last = undefined;
    this.#values = [];
  }
}

/** Mean distance of two sets of points once their centres are laid upon each other, % of the eye distance. */
export function tremble(a: Float32Array, b: Float32Array): number {
  const n = a.length / 2;
  let dx = 0;
  let dy = 0;
  for (let i = 0; i < a.length; i += 2) {
    dx += (b[i] - a[i]) / n;
    dy += (b[i + 1] - a[i + 1]) / n;
  }
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(b[i] - a[i] - dx, b[i + 1] - a[i + 1] - dy);
  return (100 * sum) / n / interOcularDistance(b);
}
