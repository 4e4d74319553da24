import { frontalize } from './frontal.ts';
import { estimatePose, type Pose } from './pose.ts';

/** What a face does, 0..1 each; "left" and "right" are the person's own. See `measureExpression`. */
export interface Expression {
  /** 0 closed, 1 wide open. */
  readonly eyeOpenLeft: number;
  readonly eyeOpenRight: number;
  /** 1 when both eyes are closed, 0 when one is half open or more. See `measureExpression` for how far to trust it. */
  readonly blink: number;
  /** 0 lips together, 1 wide open. */
  readonly mouthOpen: number;
  /** 0 mouth narrow or its corners down, 1 wide with its corners up. */
  readonly smile: number;
  /** 0 brows drawn down, 1 raised high. */
  readonly browRaise: number;
}

/** Plain lengths of a face looked at from the front; the unit is the distance between the outer eye corners. */
export interface ExpressionLengths {
  /** Eye aspect ratio: height over width (Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks", 2016). */
  readonly eyeLeft: number;
  readonly eyeRight: number;
  /** Gap between the inner lips, mean of three places. */
  readonly lipGap: number;
  readonly mouthWidth: number;
  /** How far the mouth's corners lie above the middle of the lips' upper edge; negative: below. */
  readonly cornerRaise: number;
  /** From the eyes' corners up to the brows, mean of both sides. */
  readonly browHeight: number;
}

/** Lengths that count as 0 and 1; beside them the 1st, 50th and 99th percentile of 2563 faces of 300-W. */
const RANGES = {
  eye: [0.08, 0.4], // 0.01, 0.32, 0.49
  lipGap: [0.02, 0.35], // 0.00, 0.03, 0.32
  mouthWidth: [0.55, 0.8], // 0.44, 0.62, 0.86
  cornerRaise: [-0.03, 0.045], // -0.10, 0.00, 0.06
  browHeight: [0.15, 0.32], // 0.14, 0.22, 0.33
} as const;
/** Openness of the wider eye at which a blink begins. */
const BLINK_BELOW = 0.5;

/**
 * Simple measures of an expression from 68 landmarks, after the head's turn is undone (`frontalize`), each put on a scale
 * 0..1 by what is usual (`training/src/cli/expression-range.ts` measures that; see `RANGES`):
 *
 * - eyes: the eye aspect ratio from 0.08 to 0.4; the median of 300-W is at 0.75;
 * - mouth: the gap between the inner lips from 0.02 to 0.35 of the distance between the outer eye corners;
 * - smile: the mean of the mouth's width (0.55 to 0.8) and of its corners' rise over the upper lip's middle (-0.03 to 0.045);
 * - brows: their height over the eyes' corners from 0.15 to 0.32; the median is at 0.4.
 *
 * The same person compares well over time, people with each other less so: they differ at rest. Beyond 45° of yaw the far
 * side is a guess. Measures are as good as the points: of six pictures with closed eyes, which they were not trained on, both
 * built-in models give an aspect ratio of 0.01 to 0.13.
 * All are 0..1 and never NaN.
 * @param points x0, y0, x1, … of 68 landmarks, px
 * @param pose of the same points; found from them if not given
 */
export function measureExpression(points: ArrayLike<number>, pose: Pose = estimatePose(points)): Expression {
  const lengths = expressionLengths(points, pose);
  const eyeOpenLeft = within(lengths.eyeLeft, RANGES.eye);
  const eyeOpenRight = within(lengths.eyeRight, RANGES.eye);
  return {
    eyeOpenLeft,
    eyeOpenRight,
    blink: 1 - within(Math.max(eyeOpenLeft, eyeOpenRight), [0, BLINK_BELOW]),
    mouthOpen: within(lengths.lipGap, RANGES.lipGap),
    smile:
      (within(lengths.mouthWidth, RANGES.mouthWidth) + within(lengths.cornerRaise, RANGES.cornerRaise)) / 2,
    browRaise: within(lengths.browHeight, RANGES.browHeight),
  };
}

/** The lengths behind `measureExpression`, for those who want a scale of their own. */
export function expressionLengths(
  points: ArrayLike<number>,
  pose: Pose = estimatePose(points),
): ExpressionLengths {
  const p = frontalize(points, pose);
  const distance = (i: number, j: number): number =>
    Math.hypot(p[2 * i] - p[2 * j], p[2 * i + 1] - p[2 * j + 1]);
  const height = (indices: readonly number[]): number =>
    indices.reduce((sum, i) => sum + p[2 * i + 1], 0) / indices.length;
  const aspect = (a: number): number =>
    (distance(a + 1, a + 5) + distance(a + 2, a + 4)) / (2 * distance(a, a + 3));
  return {
    eyeLeft: aspect(42),
    eyeRight: aspect(36),
    lipGap: (distance(61, 67) + distance(62, 66) + distance(63, 65)) / 3,
    mouthWidth: distance(48, 54),
    cornerRaise: height([61, 62, 63]) - height([60, 64]),
    browHeight: height([36, 39, 42, 45]) - height([17, 18, 19, 20, 21, 22, 23, 24, 25, 26]),
  };
}

/** Where `value` lies between two limits, 0..1. */
function within(value: number, [from, to]: readonly [number, number]): number {
  // Points that are no face may give no length.
  return Math.min(1, Math.max(0, (value - from) / (to - from) || 0));
}
