import { MIRROR } from '../../../sdk/src/landmarks/schema.ts';
import type { Predict } from '../evaluation/on-samples.ts';
import type { Predictions } from '../models/predictions.ts';

/** The mean of what a network says of each crop and of its mirror image: dearer and better, as a teacher may be. */
export function withMirror(predict: Predict, size: number): Predict {
  return async (crops) => {
    const plain = await predict(crops);
    const flipped = crops.slice();
    for (let row = 0; row < flipped.length; row += size) flipped.subarray(row, row + size).reverse();
    return meanOf(plain, unmirrored(await predict(flipped)));
  };
}

function unmirrored({ keypoints, spread, presence }: Predictions): Predictions {
  const count = MIRROR.length;
  return {
    keypoints: keypoints.map((_, at) => {
      const [face, point] = [Math.floor(at / 2 / count), (at >> 1) % count];
      const value = keypoints[2 * (face * count + MIRROR[point]) + (at % 2)];
      return at % 2 === 0 ? 1 - value : value;
    }),
    spread: spread.map((_, at) => spread[at - (at % count) + MIRROR[at % count]]),
    presence,
  };
}

function meanOf(a: Predictions, b: Predictions): Predictions {
  const mean = (x: Float32Array, y: Float32Array) => x.map((value, i) => (value + y[i]) / 2);
  return {
    keypoints: mean(a.keypoints, b.keypoints),
    spread: mean(a.spread, b.spread),
    presence: mean(a.presence, b.presence),
  };
}
