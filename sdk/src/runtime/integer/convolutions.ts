import { CONVOLUTION_WASM } from './convolution.wasm.ts';
import { DOT_CONVOLUTION_WASM } from './dot-convolution.wasm.ts';
import { BLOCK, integerWeights, type Group, type IntegerWeights } from './weights.ts';

/** A convolution with `same` padding, as TensorFlow places it. */
export interface ConvolutionLayer {
  /** Of the kernel: `[height, width, channels, filters]`. */
  readonly shape: readonly number[];
  readonly weights: IntegerWeights;
  /** `[filters]`. */
  readonly bias: Float32Array;
  readonly stride: number;
  readonly relu: boolean;
}

/** A map or several: `[n, height, width, channels]`. */
export interface Maps {
  readonly values: Float32Array;
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

interface PlacedLayer {
  /** Of the fields that `sdk/assembly/convolution.ts` reads, in memory. */
  readonly address: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly channels: number;
  readonly filters: number;
  readonly stride: number;
  readonly convolve: Convolve;
}

type Convolve = (layer: number, x: number, padded: number, y: number) => void;

/** A module with relaxed SIMD is not valid where there is none, so it is one of its own. */
const MODULES: readonly (readonly [Group, string])[] = [
  [2, CONVOLUTION_WASM],
  [4, DOT_CONVOLUTION_WASM],
];
const FIELDS = 18;
/** Of the fields, the first that depends on the input. */
const INPUT_HEIGHT = 8;
const PAGE = 65536;
/** Memory is handed out in multiples of these bytes. */
const ALIGNED = 16;
/** What the kernel writes where a map has fewer pixels. */
const LEAST_PIXELS = 4;

/**
 * Convolutions on the processor with 8-bit weights and activations scaled to each input's largest value: of up to 16 bits, two
 * to three times as fast as float32 kernels; where WebAssembly has relaxed SIMD and an input is nowhere below zero, of 7 bits,
 * about twice as fast again.
 */
export class IntegerConvolutions {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: ReadonlyMap<Group, Convolve>;
  readonly #layers: PlacedLayer[] = [];
  /** Where memory that is not in use begins. */
  #free = 0;

  private constructor(memory: WebAssembly.Memory, kernels: ReadonlyMap<Group, Convolve>) {
    this.#memory = memory;
    this.#kernels = kernels;
  }

  /** Undefined where WebAssembly has no 128-bit operations. */
  static async create(): Promise<IntegerConvolutions | undefined> {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const kernels = new Map<Group, Convolve>();
    for (const [group, base64] of MODULES) {
      const code = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      if (!WebAssembly.validate(code)) continue;
      const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
      kernels.set(group, instance.exports['convolve'] as Convolve);
    }
    if (!kernels.has(2)) return undefined;
    if (kernels.has(4) && !agree(new IntegerConvolutions(memory, kernels))) kernels.delete(4);
    return new IntegerConvolutions(memory, kernels);
  }

  /**
   * How a layer's weights should be grouped, to be computed soonest.
   * @param nonNegative whether its input is nowhere below zero
   */
  groupFor(nonNegative: boolean): Group {
    return nonNegative && this.#kernels.has(4) ? 4 : 2;
  }

  /**
   * @returns the layer's number, for `run`
   * @throws Error where there is no kernel for weights so grouped, see `groupFor`
   */
  add({ shape, weights: packed, bias, stride, relu }: ConvolutionLayer): number {
    const { weights, group, scales, groups, limit } = packed;
    const convolve = this.#kernels.get(group);
    if (!convolve) throw new Error(`no kernel here multiplies ${group} values at once`);
    const [kernelHeight, kernelWidth, channels, filters] = shape;
    const place = (bytes: number): number => {
      const address = this.#free;
      this.#free = this.#reserve(address, bytes);
      return address;
    };
    const addresses = [weights, scales, bias].map((part) => place(part.byteLength));
    const address = place(FIELDS * 4);
    const { buffer } = this.#memory;
    new Int8Array(buffer).set(weights, addresses[0]);
    new Float32Array(buffer).set(scales, addresses[1] / 4);
    new Float32Array(buffer).set(bias, addresses[2] / 4);
    const fields = new Int32Array(buffer, address, FIELDS);
    fields.set([...addresses, filters, kernelHeight, groups, stride, channels]);
    new Float32Array(buffer, address, FIELDS)[FIELDS - 2] = limit;
    fields[FIELDS - 1] = relu ? 1 : 0;
    const layer = { address, kernelHeight, kernelWidth, channels, filters, stride, convolve };
    return this.#layers.push(layer) - 1;
  }

  /**
   * @param maps none below zero, where the layer's weights are in groups of 4
   * @returns the outputs, in memory that the next call writes over
   */
  run(layer: number, maps: Maps): Maps {
    const {
      values,
      shape: [n, height, width, channels],
    } = maps;
    const { address, filters, kernelHeight, kernelWidth, stride, convolve, ...of } = this.#layers[layer];
    if (channels !== of.channels) throw new Error(`a layer of ${of.channels} channels was given ${channels}`);
    const rows = paddingOf(height, kernelHeight, stride);
    const columns = paddingOf(width, kernelWidth, stride);
    const size = height * width * channels;
    const outputSize = rows.outputs * columns.outputs * filters;

    const x = this.#free;
    const padded = this.#reserve(x, size * 4);
    const y = this.#reserve(padded, rows.padded * columns.padded * channels * 2 + ALIGNED);
    this.#reserve(y, (outputSize * n + LEAST_PIXELS * filters) * 4);
    const { buffer } = this.#memory;
    new Int32Array(buffer, address, FIELDS).set(
      [
        ...[height, width, rows.outputs, columns.outputs],
        ...[rows.before, columns.before, rows.padded, columns.padded],
      ],
      INPUT_HEIGHT,
    );
    const input = new Float32Array(buffer, x, size);
    for (let i = 0; i < n; i++) {
      input.set(values.subarray(i * size, (i + 1) * size));
      convolve(address, x, padded, y + i * outputSize * 4);
    }
    return {
      values: new Float32Array(buffer, y, n * outputSize),
      shape: [n, rows.outputs, columns.outputs, filters],
    };
  }

  /** Makes sure that there are `bytes` from `address` on. @returns where the next may begin */
  #reserve(address: number, bytes: number): number {
    const end = Math.ceil((address + bytes) / ALIGNED) * ALIGNED;
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return end;
  }
}

/** How TensorFlow pads for `same`: what is odd goes behind. */
function paddingOf(size: number, kernel: number, stride: number) {
  const outputs = Math.ceil(size / stride);
  const padded = (outputs - 1) * stride + kernel;
  return { outputs, padded, before: Math.max(0, padded - size) >> 1 };
}

/**
 * Relaxed SIMD is used where it is seen to work: what V8's baseline compiler made of it was wrong at first (11.3). The same
 * layer by both kernels, on as many values as keep all registers busy.
 */
function agree(convolutions: IntegerConvolutions): boolean {
  const [pixels, channels] = [9, 16];
  const shape = [1, 1, channels, 2 * BLOCK];
  const kernel = Float32Array.from({ length: channels * 2 * BLOCK }, (_, i) => ((i * 83) % 255) - 127);
  const values = Float32Array.from({ length: pixels * channels }, (_, i) => (i * 37) % 128);
  const [exact, relaxed] = ([2, 4] as const).map((group) => {
    const weights = integerWeights(kernel, shape, group);
    if (!weights) return [];
    const layer = { shape, weights, bias: new Float32Array(2 * BLOCK), stride: 1, relu: false };
    const maps = convolutions.run(convolutions.add(layer), { values, shape: [1, 1, pixels, channels] });
    return [...maps.values];
  });
  return exact.every((value, i) => Math.abs(value - relaxed[i]) < 0.01 * 127 * 127);
}
