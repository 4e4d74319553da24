import { interOcularDistance, type Box, type Face } from 'face-keypoints';
import type { FaceKeypointsElement } from 'face-keypoints/define';
import { RecentMedian } from './recent-median.ts';
import type { Model } from './settings.ts';
import type { Comparison, Problem } from './state.ts';

/**
 * The built-in model beside a person's own, on the same stream. Its element is in the page only meanwhile: one that is
 * out of it holds no models.
 */
export class Compare {
  readonly #element: FaceKeypointsElement;
  readonly #ms = new RecentMedian();
  #faces: readonly Face[] = [];

  constructor(element: FaceKeypointsElement, onError: (problem: Problem) => void) {
    this.#element = element;
    element.addEventListener('keypoints', ({ detail }) => (this.#faces = detail.faces));
    element.addEventListener('error', ({ detail }) => onError(detail));
    element.remove();
  }

  /**
   * @param like the element beside which it is laid, with the same settings
   * @param model which of the built-in ones
   */
  start(source: MediaStream, like: FaceKeypointsElement, model: Model): void {
    const element = this.#element;
    this.follow(like, model);
    element.source = source;
    like.after(element);
    if (element.state === 'idle') void element.updateComplete.then(() => element.start());
  }

  /** Takes over the settings of the other: on another backend, its times would say nothing of the models. */
  follow({ overlay, mirror, maxFaces, smoothing, backend }: FaceKeypointsElement, model: Model): void {
    Object.assign(this.#element, { overlay, mirror, maxFaces, smoothing, backend, model });
  }

  /** Lets go of the stream and keeps its place and the model, for the next stream. */
  pause(): void {
    this.#faces = [];
    this.#ms.clear();
    this.#element.stop();
    this.#element.source = null;
  }

  stop(): void {
    this.pause();
    this.#element.remove();
  }

  /** How the two agree on the first face; not at all where the other model sees somebody else alone. */
  measure(faces: readonly Face[]): Comparison {
    const { detectMs, landmarkMs } = this.#element.stats;
    const [a] = faces;
    const b = a && sameFace(a, this.#faces);
    this.#ms.add(detectMs + landmarkMs);
    return { ms: this.#ms.value, difference: a && b && distance(a.keypoints, b.keypoints) };
  }
}

/** The nearest, up to half a face away: the two trackers count faces each in their own order. */
function sameFace({ box }: Face, others: readonly Face[]): Face | undefined {
  let nearest: Face | undefined;
  let least = Math.max(box.width, box.height) / 2;
  for (const other of others) {
    const away = Math.hypot(...offset(box, other.box));
    if (away > least) continue;
    nearest = other;
    least = away;
  }
  return nearest;
}

/** From centre to centre. */
const offset = (a: Box, b: Box): [number, number] => [
  b.x - a.x + (b.width - a.width) / 2,
  b.y - a.y + (b.height - a.height) / 2,
];

/** Mean distance of points, % of the eye distance of the first. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1]);
  return (100 * sum) / (a.length / 2) / interOcularDistance(a);
}
