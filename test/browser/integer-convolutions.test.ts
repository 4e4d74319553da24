/** The kernels of the processor, in the browser that people have: Node 20 has the faster one behind a flag. */
import { IntegerConvolutions } from '../../sdk/src/runtime/integer/convolutions.ts';
import { integerWeights } from '../../sdk/src/runtime/integer/weights.ts';
import { assert, equal } from './support.ts';

const SHAPE = [3, 3, 32, 24];
const SIDE = 12;

/** Whole numbers, the same each time. */
function numbers(count: number, from: number, to: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => from + ((i * 7919 + (i >> 3)) % (to - from + 1)));
}

describe('integer convolutions', () => {
  it('take relaxed SIMD where an input is nowhere below zero, and give the same by it', async () => {
    const convolutions = await IntegerConvolutions.create();
    assert(convolutions, 'this browser has 128-bit WebAssembly');
    equal(convolutions.groupFor(true), 4, 'kernel for inputs that are nowhere below zero');
    equal(convolutions.groupFor(false), 2, 'kernel for others');
    const kernel = numbers(3 * 3 * 32 * 24, -127, 127);
    const values = numbers(SIDE * SIDE * 32, 0, 127);
    const [exact, relaxed] = ([2, 4] as const).map((group) => {
      const weights = integerWeights(kernel, SHAPE, group);
      assert(weights, 'whole weights');
      const layer = { shape: SHAPE, weights, bias: new Float32Array(24), stride: 1, relu: false };
      return convolutions.run(convolutions.add(layer), { values, shape: [1, SIDE, SIDE, 32] }).values.slice();
    });
    const largest = Math.max(...exact!.map(Math.abs));
    exact!.forEach((value, i) => {
      // 16-bit activations are scaled to more than 127, so they are not whole.
      assert(Math.abs(value - relaxed![i]!) < 1e-3 * largest, `${i}: ${value} and ${relaxed![i]}`);
    });
  });
});
