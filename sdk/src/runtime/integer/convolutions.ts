import { ensureBytes, kernelBytes } from '../kernel-module.ts';
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
  /** Of the fields that `sdk/assembly/layer.ts` lists, in memory. */
  readonly address: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly channels: number;
  readonly filters: number;
  readonly stride: number;
  readonly convolve: Convolve;
}

type Convolve = (layer: number, x: number, padded: number, y: number) => void;

const FIELDS = 18;
/** Of the fields, the first that depends on the input. */
const INPUT_HEIGHT = 8;
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
    const exact = await kernelOf(CONVOLUTION_WASM, memory);
    if (!exact) return undefined;
    // A module with relaxed SIMD is not valid where there is none, so it is one of its own.
    const relaxed = await kernelOf(DOT_CONVOLUTION_WASM, memory).catch(() => undefined);
    const kernels = new Map<Group, Convolve>([[2, exact]]);
    if (relaxed && multipliesRightly(new IntegerConvolutions(memory, new Map([[4, relaxed]]))))
      kernels.set(4, relaxed);
    return new IntegerConvolutions(memory, kernels);
  }

  /** Whether the faster kernel runs here, the one of relaxed SIMD. */
  get hasDotProducts(): boolean {
    return this.#kernels.has(4);
  }

  /**
   * How a layer's weights should be grouped, to be computed soonest.
   * @param nonNegative whether its input is nowhere below zero
   */
  groupFor(nonNegative: boolean): Group {
    return nonNegative && this.hasDotProducts ? 4 : 2;
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
    // Of 16 bits, or 8: room for either.
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
    ensureBytes(this.#memory, end);
    return end;
  }
}

/** Undefined where WebAssembly lacks what the module needs. */
async function kernelOf(base64: string, memory: WebAssembly.Memory): Promise<Convolve | undefined> {
  const code = kernelBytes(base64);
  if (!WebAssembly.validate(code)) return undefined;
  const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
  return instance.exports['convolve'] as Convolve;
}

/** How TensorFlow pads for `same`: what is odd goes behind. */
function paddingOf(size: number, kernel: number, stride: number) {
  const outputs = Math.ceil(size / stride);
  const padded = (outputs - 1) * stride + kernel;
  return { outputs, padded, before: Math.max(0, padded - size) >> 1 };
}

/**
 * Whether the kernel of relaxed SIMD gives what it should when it is compiled first: what V8's baseline compiler made of the
 * instruction was wrong in the beginning (11.3). On a layer that has every kind of edge; the sums are exact.
 */
function multipliesRightly(convolutions: IntegerConvolutions): boolean {
  const [height, width, channels, filters] = [3, 3, 5, 2 * BLOCK];
  const shape = [height, width, channels, filters];
  const kernel = Float32Array.from(
    { length: height * width * channels * filters },
    (_, i) => ((i * 83) % 255) - 127,
  );
  const values = Float32Array.from({ length: height * width * channels }, (_, i) => 127 - ((i * 37) % 128));
  const weights = integerWeights(kernel, shape, 4);
  if (!weights) return false;
  const layer = { shape, weights, bias: new Float32Array(filters), stride: 1, relu: false };
  const maps = { values, shape: [1, height, width, channels] } as const;
  const { values: found } = convolutions.run(convolutions.add(layer), maps);
  const row = width * channels;
  return found.every((value, i) => {
    const [pixel, filter] = [Math.floor(i / filters), i % filters];
    const [top, left] = [Math.floor(pixel / width) - 1, (pixel % width) - 1];
    let sum = 0;
    for (let k = 0; k < height * row; k++) {
      const [y, x] = [top + Math.floor(k / row), left + Math.floor((k % row) / channels)];
      const isInside = y >= 0 && y < height && x >= 0 && x < width;
      if (isInside) sum += kernel[k * filters + filter] * values[(top * width + left) * channels + k];
    }
    return Math.abs(value - sum) < 0.5;
  });
}
