import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engines/engine.ts';
import type { LandmarkOutputs, PointOutputs } from '../models/layers.ts';
import { landmarkLoss, type LossWeights, type Truth } from './landmark-loss.ts';

/** `landmark`: points, expected errors and presence, see `landmarkLoss`. `mse`: mean squared error of the coordinates. */
export type Objective = 'landmark' | 'mse';

export function objectiveLoss(
  tf: Tf,
  outputs: PointOutputs<Tensor>,
  truth: Truth,
  { objective = 'landmark', loss }: { readonly objective?: Objective; readonly loss: LossWeights },
): Scalar {
  if (objective === 'mse') return meanSquaredError(outputs.keypoints, truth);
  if (!hasConfidence(outputs)) {
    throw new Error(
      'this network gives points alone, so it trains by mean squared error (`objective: "mse"`)',
    );
  }
  return landmarkLoss(tf, outputs, truth, loss);
}

/** Over the known coordinates, in squared input units. */
function meanSquaredError(points: Tensor, truth: Truth): Scalar {
  const [n, landmarks] = truth.known.shape;
  const squares = points.sub(truth.points).square().reshape([n, landmarks, 2]).sum(2).mul(truth.known).sum();
  return squares.div(truth.known.sum().mul(2).maximum(1)) as Scalar;
}

function hasConfidence(outputs: PointOutputs<Tensor>): outputs is LandmarkOutputs<Tensor> {
  return outputs.spread !== undefined && outputs.presence !== undefined;
}
