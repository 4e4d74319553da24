import { interOcularDistance, type Face } from 'face-keypoints';
import type { FaceKeypointsElement } from 'face-keypoints/define';
import type { Comparison, Problem } from './state.ts';

/** The built-in model beside a person's own, on the same stream. */
export class Compare {
  readonly #element: FaceKeypointsElement;
  #faces: readonly Face[] = [];

  constructor(element: FaceKeypointsElement, onError: (problem: Problem) => void) {
    this.#element = element;
    element.addEventListener('keypoints', ({ detail }) => (this.#faces = detail.faces));
    element.addEventListener('error', ({ detail }) => onError(detail));
  }

  start(source: MediaStream, like: FaceKeypointsElement): void {
    const element = this.#element;
    element.setAttribute('overlay', like.overlay);
    element.mirror = like.mirror;
    element.maxFaces = like.maxFaces;
    element.smoothing = like.smoothing;
    element.source = source;
    if (element.state === 'idle') void element.updateComplete.then(() => element.start());
  }

  stop(): void {
    this.#faces = [];
    this.#element.stop();
    this.#element.source = null;
  }

  /** How the two agree on the first face. */
  measure(faces: readonly Face[]): Comparison {
    const { detectMs, landmarkMs } = this.#element.stats;
    const [a] = faces;
    const [b] = this.#faces;
    return { ms: detectMs + landmarkMs, difference: a && b && distance(a.keypoints, b.keypoints) };
  }
}

/** Mean distance of points, % of the eye distance of the first. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1]);
  return (100 * sum) / (a.length / 2) / interOcularDistance(a);
}
