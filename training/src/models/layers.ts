/** `same`: stride 1 keeps the size, stride 2 halves it (TensorFlow's `SAME`). `valid`: only where the kernel fits whole. */
export type Padding = 'same' | 'valid';

/** Height and width from the input, channels as stated. */
export interface ConvOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly relu?: boolean;
  /** Batch norm after the convolution (default), or a plain bias. */
  readonly norm?: boolean;
  /** `same` by default. */
  readonly padding?: Padding;
  /** What the kernel is drawn from: `he-normal` by default. Biases start at zero. */
  readonly initial?: 'he-normal' | 'kaiming-uniform' | 'zeros';
}

export interface PoolOptions {
  readonly window: number;
  readonly stride: number;
  readonly padding: Padding;
}

export interface DenseOptions {
  readonly relu?: boolean;
  /** What the kernel is drawn from: `zeros` by default. Biases start at zero. */
  readonly initial?: 'zeros' | 'xavier-uniform';
}

/** As in ResNet: 3x3, stride 2, padded so that the size is halved. */
export const HALVING_POOL: PoolOptions = { window: 3, stride: 2, padding: 'same' };

/** Length of a side after a window has moved along it. */
export function sideAfter(side: number, window: number, stride: number, padding: Padding): number {
  return Math.ceil((padding === 'same' ? side : side - window + 1) / stride);
}

/**
 * What a network may be made of. A network is written once against this; `GradientLayers` computes it with its
 * gradients, `GraphLayers` writes it down as a tfjs GraphModel, so what is trained is what is exported.
 * Feature maps are NHWC.
 */
export interface Layers<T> {
  conv(name: string, x: T, options: ConvOptions): T;
  /** {@link HALVING_POOL} by default. */
  maxPool(name: string, x: T, options?: PoolOptions): T;
  add(name: string, a: T, b: T, relu: boolean): T;
  /** Twice as high and wide, by repeating pixels. */
  upsample(name: string, x: T): T;
  /** `[n, h, w, c]` to `[n, c]`. */
  globalMean(name: string, x: T): T;
  /** `[n, h, w, c]` to `[n, h * w * c]`. */
  flatten(name: string, x: T): T;
  /** `[n, c]` to `[n, units]`. */
  dense(name: string, x: T, units: number, options?: DenseOptions): T;
  /** In training, zero with probability `rate`, else divided by `1 - rate`; the identity otherwise. */
  dropout(name: string, x: T, rate: number): T;
  exp(name: string, x: T): T;
  sigmoid(name: string, x: T): T;
  /** `[n, h, w, k]` to the softmax over the places of each of the k maps, `[n, k, h * w]`. */
  softmaxMaps(name: string, x: T): T;
  /**
   * `[n, k, h * w]` probabilities to the expected place, `[n, 2k]` as x0, y0, x1, … with the map's span as 0..1.
   * @param right how far right of it the places are said to be
   */
  expectedPlace(name: string, x: T, right?: number): T;
  /** `[n, k, h * w]` probabilities and values `[n, h, w, k]`, a map of them for each, to the expected values, `[n, k]`. */
  expectedValues(name: string, x: T, values: T): T;
}

/** What any network here gives. */
export interface PointOutputs<T> {
  /** `[n, 2 * landmarks]` as x0, y0, x1, …, input units 0..1. */
  readonly keypoints: T;
  /** `[n, landmarks]`, expected error in input units. */
  readonly spread?: T;
  /** `[n, 1]`, probability that the input holds a face. */
  readonly presence?: T;
  /** `[n, landmarks, cells]`: the maps that the points were read from, for the loss; absent in heads without maps. */
  readonly maps?: T;
}

/** What the product's networks give: see "Network" in the project's contracts. */
export interface LandmarkOutputs<T> extends PointOutputs<T> {
  readonly spread: T;
  readonly presence: T;
}

export type PointNetwork = <T>(layers: Layers<T>, input: T) => PointOutputs<T>;
/** @param markupShift how far right of where maps see them the markup has its points, crop units; 0 by default */
export type LandmarkNetwork = <T>(layers: Layers<T>, crop: T, markupShift?: number) => LandmarkOutputs<T>;
