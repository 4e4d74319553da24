import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { Tf } from '../engines/engine.ts';
import type { LandmarkOutputs } from '../models/layers.ts';
import { withoutGradient } from '../models/without-gradient.ts';

/** What a batch should have given, as tensors. */
export interface Truth {
  /** `[n, 2 * landmarks]`, input units. */
  readonly points: Tensor2D;
  /** `[n, landmarks]`, 1 where known. */
  readonly known: Tensor2D;
  /** `[n, 1]`. */
  readonly presence: Tensor2D;
}

export interface LossWeights {
  readonly wing: number;
  readonly marginals: number;
  readonly spread: number;
  readonly presence: number;
  /** Of how far lids and lips are apart. Absent: not asked. */
  readonly opening?: number;
}

export const DEFAULT_LOSS: LossWeights = { wing: 1, marginals: 0.5, spread: 0.02, presence: 0.1 };

/** Wing loss: width and curvature in hundredths of the crop (Feng et al., "Wing Loss", 2018). */
const WING_WIDTH = 8;
const WING_CURVATURE = 1.5;
/** Upper and lower lids, upper and lower edge of the mouth's opening. */
const OPENINGS = [
  [37, 41],
  [38, 40],
  [43, 47],
  [44, 46],
  [61, 67],
  [62, 66],
  [63, 65],
] as const;
/** Deviation of the Gaussian target on each axis, in cells of the map. */
const TARGET_CELLS = 0.9;

/** Sum of the weighted losses, a mean over the known points. */
export function landmarkLoss(
  tf: Tf,
  outputs: LandmarkOutputs<Tensor>,
  truth: Truth,
  weights: LossWeights,
): Scalar {
  const count = truth.known.sum().add(1);
  const [n, landmarks] = truth.known.shape;
  const difference = outputs.keypoints.sub(truth.points).reshape([n, landmarks, 2]) as Tensor3D;

  const places = wing(tf, difference).sum(2).mul(truth.known).sum().div(count).mul(weights.wing);
  let total = places.add(presenceLoss(tf, outputs.presence, truth.presence).mul(weights.presence));
  total = total.add(spreadLoss(tf, outputs.spread, difference, truth.known).div(count).mul(weights.spread));
  if (outputs.maps) {
    total = total.add(
      marginalLoss(tf, outputs.maps as Tensor3D, truth)
        .div(count)
        .mul(weights.marginals),
    );
  }
  if (weights.opening && landmarks === LANDMARK_COUNT) {
    total = total.add(openingLoss(tf, difference, truth.known).mul(weights.opening));
  }
  return total as Scalar;
}

/** Of each coordinate's error, with a slope of about one at `WING_WIDTH` and above. */
function wing(tf: Tf, difference: Tensor): Tensor {
  const size = difference.abs().mul(100);
  const near = tf.minimum(size, WING_WIDTH).div(WING_CURVATURE).add(1).log().mul(WING_WIDTH);
  return near.add(size.sub(WING_WIDTH).relu()).div(WING_WIDTH);
}

/**
 * Wing loss of the way from each lower lid or lip to the upper one: two points that are both a little off can make a closed
 * eye an open one (as the eye closure loss of Feng et al., "DECA", 2021). Mean over the pairs that are known.
 */
function openingLoss(tf: Tf, difference: Tensor3D, known: Tensor2D): Tensor {
  const [n, landmarks] = known.shape;
  const select = (upper: number, lower: number) => {
    const matrix = new Float32Array(landmarks * OPENINGS.length);
    OPENINGS.forEach(([from, to], pair) => {
      matrix[from * OPENINGS.length + pair] = upper;
      matrix[to * OPENINGS.length + pair] = lower;
    });
    return tf.tensor2d(matrix, [landmarks, OPENINGS.length]);
  };
  const coordinates = difference.transpose([0, 2, 1]).reshape([2 * n, landmarks]) as Tensor2D;
  const apart = coordinates.matMul(select(1, -1)).reshape([n, 2, OPENINGS.length]);
  const both = known.matMul(select(0.5, 0.5)).floor();
  return wing(tf, apart).sum(1).mul(both).sum().div(both.sum().add(1));
}

/** Negative log-likelihood of distances that are exponentially distributed with mean `spread`. */
function spreadLoss(tf: Tf, spread: Tensor, difference: Tensor3D, known: Tensor2D): Tensor {
  const distance = withoutGradient(tf, difference.square().sum(2).add(1e-10).sqrt());
  return spread.log().add(distance.div(spread)).mul(known).sum();
}

/** Cross-entropy of the maps' row and column sums with Gaussians about the true place. */
function marginalLoss(tf: Tf, maps: Tensor3D, truth: Truth): Tensor {
  const [n, count, cells] = maps.shape;
  const side = Math.sqrt(cells);
  const square = maps.reshape([n, count, side, side]);
  const centres = tf.range(0, side).add(0.5).div(side);
  const places = truth.points.reshape([n, count, 2]);
  const axis = (marginal: Tensor, coordinate: 0 | 1) => {
    const place = places.slice([0, 0, coordinate], [-1, -1, 1]);
    const target = tf.softmax(
      centres
        .sub(place)
        .mul(side / TARGET_CELLS)
        .square()
        .mul(-0.5),
    );
    return marginal.add(1e-6).log().mul(target).sum(2).mul(truth.known).sum().neg();
  };
  return axis(square.sum(2), 0).add(axis(square.sum(3), 1));
}

/** Binary cross-entropy, mean over the crops. */
function presenceLoss(tf: Tf, presence: Tensor, truth: Tensor2D): Tensor {
  const p = presence.mul(0.9998).add(1e-4);
  const hit = p.log().mul(truth);
  const miss = tf.scalar(1).sub(p).log().mul(tf.scalar(1).sub(truth));
  return hit.add(miss).mean().neg();
}
