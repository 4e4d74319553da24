/**
 * BlazeFace's raw outputs to faces (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile
 * GPUs", 2019): offsets and sizes relative to a grid of anchors, and blending rather than suppression of overlapping
 * candidates, which steadies the box between frames.
 */

/** A candidate or a face, in px of the network's input. */
export interface RawDetection {
  readonly score: number;
  /** Box: left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
  /** Person's right eye x, y, left eye x, y. */
  readonly eyes: readonly [number, number, number, number];
}

/** Values a candidate has: centre, size, six points (right eye, left eye, nose, mouth, right and left ear). */
export const VALUES = 16;

/** The two feature maps: cells of `stride` px, with so many anchors in the centre of each. */
const LAYERS = [
  { stride: 16, anchors: 2 },
  { stride: 32, anchors: 6 },
] as const;

/** Anchor centres x0, y0, x1, … in px of an input of `size` x `size`, in the order of the outputs. */
export function blazeFaceAnchors(size: number): Float32Array {
  const out: number[] = [];
  for (const { stride, anchors } of LAYERS) {
    const cells = Math.floor((size + stride - 1) / stride);
    for (let row = 0; row < cells; row++) {
      for (let col = 0; col < cells; col++) {
        for (let i = 0; i < anchors; i++) out.push((col + 0.5) * stride, (row + 0.5) * stride);
      }
    }
  }
  return Float32Array.from(out);
}

/**
 * @param logits one score before the sigmoid per anchor
 * @param values `VALUES` numbers per anchor
 * @returns candidates of at least `minScore`, best first
 */
export function decodeCandidates(
  logits: ArrayLike<number>,
  values: ArrayLike<number>,
  anchors: ArrayLike<number>,
  minScore: number,
): RawDetection[] {
  const candidates: RawDetection[] = [];
  const minLogit = Math.log(minScore / (1 - minScore));
  for (let i = 0; i < logits.length; i++) {
    if (!(logits[i] >= minLogit)) continue;
    const at = i * VALUES;
    const ax = anchors[2 * i];
    const ay = anchors[2 * i + 1];
    const cx = ax + values[at];
    const cy = ay + values[at + 1];
    const w = values[at + 2] / 2;
    const h = values[at + 3] / 2;
    candidates.push({
      score: 1 / (1 + Math.exp(-logits[i])),
      box: [cx - w, cy - h, cx + w, cy + h],
      eyes: [ax + values[at + 4], ay + values[at + 5], ax + values[at + 6], ay + values[at + 7]],
    });
  }
  return candidates.sort((a, b) => b.score - a.score);
}

/** Candidates (best first) that overlap by more than `iou` become one face: their mean, weighted by score. */
export function blendOverlapping(candidates: readonly RawDetection[], iou: number): RawDetection[] {
  const faces: RawDetection[] = [];
  let rest = candidates;
  while (rest.length > 0) {
    const best = rest[0];
    const same = rest.filter((other) => overlap(best.box, other.box) > iou || other === best);
    rest = rest.filter((other) => !same.includes(other));
    const total = same.reduce((sum, { score }) => sum + score, 0);
    const mean = (pick: (candidate: RawDetection) => readonly number[]): [number, number, number, number] =>
      [0, 1, 2, 3].map((i) => same.reduce((sum, c) => sum + pick(c)[i] * c.score, 0) / total) as [
        number,
        number,
        number,
        number,
      ];
    faces.push({ score: best.score, box: mean((c) => c.box), eyes: mean((c) => c.eyes) });
  }
  return faces;
}

/** Intersection over union of two boxes (left, top, right, bottom). */
export function overlap(a: readonly number[], b: readonly number[]): number {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h);
}
