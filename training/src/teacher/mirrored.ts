import { meanOutput, unmirrored } from '../../../sdk/src/landmarks/output.ts';
import type { Predict } from '../evaluation/on-samples.ts';

/**
 * The mean of what a network says of each crop and of its mirror image: dearer and better, as a teacher may be.
 * @param markupShift the network's
 */
export function withMirror(predict: Predict, size: number, markupShift?: number): Predict {
  return async (crops) => {
    const plain = await predict(crops);
    const flipped = crops.slice();
    for (let row = 0; row < flipped.length; row += size) flipped.subarray(row, row + size).reverse();
    return meanOutput(plain, unmirrored(await predict(flipped), markupShift));
  };
}
