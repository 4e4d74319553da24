import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { IntegerConvolutions } from '../../sdk/src/runtime/integer/convolutions.ts';
import { integerWeights, type Group } from '../../sdk/src/runtime/integer/weights.ts';

// Node 20 has relaxed SIMD behind a flag, and its baseline compiler (Liftoff) computes it wrongly.
for (const flag of ['--experimental-wasm-relaxed-simd', '--no-liftoff']) setFlagsFromString(flag);

/** Numbers from -1 to 1, the same for the same seed. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Layer {
  /** `[height, width, channels, filters]`. */
  readonly kernel: Float32Array;
  readonly shape: readonly number[];
  readonly bias: Float32Array;
  readonly stride: number;
  readonly relu: boolean;
}

/** With weights as a file of 8 bits has them: whole numbers up to 127, times a scale for each filter. */
function layer(shape: readonly number[], options: Partial<Layer> = {}): Layer {
  const [height, width, channels, filters] = shape;
  const scales = numbers(filters, 2).map((value) => 0.01 + Math.abs(value));
  return {
    kernel: numbers(height * width * channels * filters, 3).map(
      (value, i) => (Math.round(127 * value) / 127) * scales[i % filters],
    ),
    shape,
    bias: numbers(filters, 4),
    stride: 1,
    relu: false,
    ...options,
  };
}

/** The definition, with TensorFlow's `same` padding. */
function convolve(
  { kernel, shape, bias, stride, relu }: Layer,
  x: Float32Array,
  height: number,
  width: number,
): Float32Array {
  const [kernelHeight, kernelWidth, channels, filters] = shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const before = (size: number, outputs: number, taps: number): number =>
    Math.floor(Math.max(0, (outputs - 1) * stride + taps - size) / 2);
  const top = before(height, rows, kernelHeight);
  const left = before(width, columns, kernelWidth);
  const y = new Float32Array(rows * columns * filters);
  for (let i = 0; i < y.length; i++) {
    const filter = i % filters;
    const column = Math.floor(i / filters) % columns;
    const row = Math.floor(i / filters / columns);
    let sum = bias[filter];
    for (let v = 0; v < kernelHeight; v++) {
      for (let u = 0; u < kernelWidth; u++) {
        const [sy, sx] = [row * stride + v - top, column * stride + u - left];
        if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
        for (let c = 0; c < channels; c++) {
          const weight = kernel[((v * kernelWidth + u) * channels + c) * filters + filter];
          sum += weight * x[(sy * width + sx) * channels + c];
        }
      }
    }
    y[i] = relu ? Math.max(0, sum) : sum;
  }
  return y;
}

async function integers(): Promise<IntegerConvolutions> {
  const convolutions = await IntegerConvolutions.create();
  assert.ok(convolutions, 'this Node has 128-bit WebAssembly');
  return convolutions;
}

function add(convolutions: IntegerConvolutions, { kernel, ...layer }: Layer, group: Group = 2): number {
  const weights = integerWeights(kernel, layer.shape, group);
  assert.ok(weights, 'whole numbers');
  return convolutions.add({ ...layer, weights });
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  assert.equal(a.length, b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
};
const largest = (values: Float32Array): number => Math.max(...values.map(Math.abs));

/** Of the largest: activations are rounded to 15 bits, or to 7. */
const NEAR: Readonly<Record<Group, number>> = { 2: 2e-4, 4: 2e-2 };

const CASES: readonly [name: string, kernel: number[], input: [number, number], stride: number][] = [
  ['one channel, five taps, every second pixel', [5, 5, 1, 16], [16, 16], 2],
  ['an odd number of values in a row of the kernel', [3, 3, 5, 8], [6, 7], 1],
  ['filters that do not fill their last block', [3, 3, 16, 20], [8, 8], 1],
  ['one tap', [1, 1, 24, 68], [4, 4], 1],
  ['one tap, every second pixel', [1, 1, 16, 8], [8, 8], 2],
  ['every second pixel of an odd side', [3, 3, 8, 16], [9, 5], 2],
  ['pixels that do not fill their last tile', [3, 3, 8, 8], [5, 5], 1],
  ['fewer pixels than a tile', [3, 3, 8, 12], [1, 3], 1],
  ['a single pixel', [3, 3, 8, 8], [1, 1], 1],
  ['a kernel that is higher than wide', [3, 1, 8, 8], [6, 6], 1],
];

for (const group of [2, 4] as const) {
  for (const [name, shape, [height, width], stride] of CASES) {
    test(`by integers in groups of ${group} as by definition: ${name}`, async () => {
      const convolutions = await integers();
      assert.equal(convolutions.groupFor(group === 4), group);
      const [, , channels, filters] = shape;
      for (const relu of [false, true]) {
        const own = layer(shape, { stride, relu });
        const x = numbers(height * width * channels, 5).map((value) =>
          group === 4 ? Math.abs(value) : value,
        );
        const expected = convolve(own, x, height, width);
        const given = { values: x, shape: [1, height, width, channels] } as const;
        const { values, shape: found } = convolutions.run(add(convolutions, own, group), given);
        assert.deepEqual(found, [1, Math.ceil(height / stride), Math.ceil(width / stride), filters]);
        const off = worst(values, expected);
        assert.ok(off < NEAR[group] * largest(expected), `${off}`);
        if (relu) assert.ok(expected.includes(0) && values.every((value) => value >= 0));
      }
    });
  }

  test(`whole activations and weights in groups of ${group} are computed exactly, the largest of both too`, async () => {
    const convolutions = await integers();
    const own = layer([3, 3, 8, 16], { bias: new Float32Array(16) });
    for (let i = 0; i < own.kernel.length; i++)
      own.kernel[i] = Math.sign(own.kernel[i] || 1) * (i % 128) * 0.25;
    // The largest is the integer that activations are scaled to, so all others are whole as well.
    const { limit } = integerWeights(own.kernel, own.shape, group)!;
    const x = numbers(8 * 8 * 8, 6).map((value) =>
      Math.round((group === 4 ? Math.abs(value) : value) * limit),
    );
    x.fill(limit, 0, 100);
    const given = { values: x, shape: [1, 8, 8, 8] } as const;
    const { values } = convolutions.run(add(convolutions, own, group), given);
    const expected = convolve(own, x, 8, 8);
    assert.ok(worst(values, expected) < 1e-6 * largest(expected), `${worst(values, expected)}`);
  });
}

test('several layers and several maps keep out of one another’s way, while memory grows', async () => {
  const convolutions = await integers();
  const layers = [layer([3, 3, 8, 8]), layer([3, 3, 8, 64]), layer([1, 1, 64, 16])];
  const numbersOf = layers.map((own) => add(convolutions, own));
  const x = numbers(3 * 40 * 40 * 8, 7);
  const runs = numbersOf.slice(0, 2).map((n) => {
    const { values } = convolutions.run(n, { values: x, shape: [3, 40, 40, 8] });
    return values.slice();
  });
  runs.forEach((values, n) => {
    const size = 40 * 40 * 8;
    for (let i = 0; i < 3; i++) {
      const expected = convolve(layers[n], x.subarray(i * size, (i + 1) * size), 40, 40);
      const part = values.subarray(i * expected.length, (i + 1) * expected.length);
      assert.ok(worst(part, expected) < NEAR[2] * largest(expected), `layer ${n}, map ${i}`);
    }
  });
});

test('a map of zeros gives the bias', async () => {
  const convolutions = await integers();
  const own = layer([3, 3, 8, 8]);
  const { values } = convolutions.run(add(convolutions, own), {
    values: new Float32Array(4 * 4 * 8),
    shape: [1, 4, 4, 8],
  });
  assert.deepEqual([...values.subarray(0, 8)], [...own.bias]);
});

for (const sign of [1, -1]) {
  test(`the largest activations and weights do not overflow or saturate a sum: ${sign}`, async () => {
    const convolutions = await integers();
    // One weight of a step, so that all others are 127 of them.
    const kernel = new Float32Array(9 * 512 * 8).fill(127 * sign);
    kernel.fill(1, 0, 8);
    const own = layer([3, 3, 512, 8], { kernel, bias: new Float32Array(8) });
    assert.ok(integerWeights(kernel, own.shape, 2)!.limit < 2 ** 12, 'fewer bits, or the sum leaves 32');
    const whole = 127 * (127 * sign * (9 * 512 - 1) + 1);
    for (const [group, near] of [
      [2, 1e-4],
      [4, 0],
    ] as const) {
      const x = new Float32Array(3 * 3 * 512).fill(127);
      const given = { values: x, shape: [1, 3, 3, 512] } as const;
      const { values } = convolutions.run(add(convolutions, own, group), given);
      for (const value of values.subarray(4 * 8, 5 * 8))
        assert.ok(Math.abs(value / Math.fround(whole) - 1) <= near, `${value} for ${whole}`);
    }
  });
}

test('another number of channels is refused', async () => {
  const convolutions = await integers();
  const number = add(convolutions, layer([3, 3, 8, 8]));
  assert.throws(
    () => convolutions.run(number, { values: new Float32Array(4 * 4 * 4), shape: [1, 4, 4, 4] }),
    /8 channels was given 4/,
  );
});

test('weights: multiples of a step are kept as they are, others are left to those who compute with floats', () => {
  const levels = Float32Array.from({ length: 8 * 8 }, (_, i) => ((i % 7) - 3) * 0.1);
  const few = integerWeights(levels, [1, 1, 8, 8], 2);
  for (const value of few!.weights) assert.ok(Math.abs(value) <= 3);
  const all = Float32Array.from({ length: 255 * 8 }, (_, i) => (Math.floor(i / 8) - 127) * 0.3);
  assert.equal(Math.max(...integerWeights(all, [1, 1, 255, 8], 2)!.weights.map(Math.abs)), 127);
  assert.equal(integerWeights(numbers(64 * 8, 8), [1, 1, 64, 8], 2), undefined, 'floats');
  assert.equal(integerWeights(levels, [1, 1, 16, 4], 2), undefined, 'few filters');
  const none = integerWeights(new Float32Array(64), [1, 1, 8, 8], 2)!;
  assert.ok(none.weights.every((value) => value === 0) && none.scales.every((scale) => scale === 0));
});

test('what is no number stays none, and does no harm to the next map', async () => {
  const convolutions = await integers();
  const own = layer([3, 3, 5, 8]);
  for (const group of [2, 4] as const) {
    const number = add(convolutions, own, group);
    const x = numbers(3 * 3 * 5, 9).map(Math.abs);
    // Of 15 values in a row the kernels take some at once, the last one by one.
    for (const place of [5, 14]) {
      const broken = x.slice();
      broken[place] = NaN;
      const { values: bad } = convolutions.run(number, { values: broken, shape: [1, 3, 3, 5] });
      assert.ok(bad.some(Number.isNaN));
    }
    const { values } = convolutions.run(number, { values: x, shape: [1, 3, 3, 5] });
    const expected = convolve(own, x, 3, 3);
    assert.ok(worst(values, expected) < NEAR[group] * largest(expected));
  }
});

test('weights in groups that no kernel here takes are refused', async (t) => {
  const { validate } = WebAssembly;
  t.after(() => (WebAssembly.validate = validate));
  // As where there is no relaxed SIMD: of two modules the second is not valid.
  let asked = 0;
  WebAssembly.validate = (code) => asked++ === 0 && validate(code);
  const convolutions = await integers();
  assert.equal(convolutions.groupFor(true), 2);
  assert.throws(() => add(convolutions, layer([3, 3, 8, 8]), 4), /no kernel here multiplies 4/);
});

/** V8 11.3's, in Node 20. */
const OLD = process.versions.v8.startsWith('11.3');

test(
  'where the instruction gives something else, the other kernel is taken',
  { skip: !OLD && 'this V8 is right' },
  () => {
    const source = new URL('../../sdk/src/runtime/integer/convolutions.ts', import.meta.url);
    const script = `const { IntegerConvolutions } = await import(${JSON.stringify(source.href)});
    console.log((await IntegerConvolutions.create()).groupFor(true));`;
    const groupWith = (...flags: string[]): string =>
      execFileSync(process.execPath, [...flags, '--import', 'tsx', '--input-type=module', '-e', script], {
        encoding: 'utf8',
      }).trim();
    assert.equal(groupWith('--experimental-wasm-relaxed-simd', '--liftoff-only'), '2');
    assert.equal(groupWith('--experimental-wasm-relaxed-simd', '--no-liftoff'), '4');
  },
);
