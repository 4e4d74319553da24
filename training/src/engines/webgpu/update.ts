import type { InPlaceUpdates, Tf } from '../engine.ts';
import { buffers, flatProgram, flatWorkgroups, type Programs } from './programs.ts';

/** Adam (Kingma and Ba, 2015) and the weights' moving average. */
function adam(beta1: number, beta2: number, epsilon: number): string {
  return flatProgram(
    buffers(
      { weights: 'f32', first: 'f32', second: 'f32', average: 'f32', gradient: 'f32', rates: 'f32' },
      'weights',
      'first',
      'second',
      'average',
    ),
    'arrayLength(&weights)',
    `let g = gradient[i];
  let m = mix(g, first[i], ${beta1});
  let v = mix(g * g, second[i], ${beta2});
  let w = weights[i] - rates[0] * m / (sqrt(v) + ${epsilon});
  first[i] = m;
  second[i] = v;
  weights[i] = w;
  average[i] += rates[1] * (w - average[i]);`,
  );
}

const FOLLOW = flatProgram(
  buffers({ values: 'f32', average: 'f32', seen: 'f32', rates: 'f32' }, 'values', 'average'),
  'arrayLength(&values)',
  `let value = values[i] + rates[0] * (seen[i] - values[i]);
  values[i] = value;
  average[i] += rates[1] * (value - average[i]);`,
);

/** Weights are stepped where they are: a step brings the batch to the card and the loss back, nothing else. */
export function inPlaceUpdates(tf: Tf, programs: Programs): InPlaceUpdates {
  return {
    adam(weights, { beta1, beta2, epsilon, scale, averaging }) {
      const rates = tf.tensor1d([scale, 1 - averaging]);
      for (const { values, first, second, average, gradient } of weights) {
        programs.run(
          `adam ${beta1} ${beta2} ${epsilon}`,
          () => adam(beta1, beta2, epsilon),
          [values, first, second, average, gradient, rates],
          flatWorkgroups(values.size),
        );
      }
      rates.dispose();
    },
    follow(weights, momentum, averaging) {
      const rates = tf.tensor1d([1 - momentum, 1 - averaging]);
      for (const { values, average, seen } of weights)
        programs.run('follow', () => FOLLOW, [values, average, seen, rates], flatWorkgroups(values.size));
      rates.dispose();
    },
    read: (tensor) => programs.read(tensor),
  };
}
