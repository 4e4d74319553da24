/** Height and width from the input, channels as stated. */
export interface ConvOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly relu?: boolean;
  /** Batch norm after the convolution (default), or a plain bias. */
  readonly norm?: boolean;
}

/**
 * What a network may be made of. A network is written once against this; `GradientLayers` computes it with its
 * gradients, `GraphLayers` writes it down as a tfjs GraphModel, so what is trained is what is exported.
 * Feature maps are NHWC.
 */
export interface Layers<T> {
  /** Convolution with TensorFlow's `SAME` padding: stride 1 keeps the size, stride 2 halves it. */
  conv(name: string, x: T, options: ConvOptions): T;
  /** 3x3, stride 2, padded so that the size is halved. */
  maxPool(name: string, x: T): T;
  add(name: string, a: T, b: T, relu: boolean): T;
  /** Twice as high and wide, by repeating pixels. */
  upsample(name: string, x: T): T;
  /** `[n, h, w, c]` to `[n, c]`. */
  globalMean(name: string, x: T): T;
  /** `[n, c]` to `[n, units]`. */
  dense(name: string, x: T, units: number): T;
  /** Columns `[start, start + count)` of `[n, c]`. */
  columns(name: string, x: T, start: number, count: number): T;
  exp(name: string, x: T): T;
  sigmoid(name: string, x: T): T;
  /** `[n, h, w, k]` to the softmax over the places of each of the k maps, `[n, k, h * w]`. */
  softmaxMaps(name: string, x: T): T;
  /** `[n, k, h * w]` probabilities to the expected place, `[n, 2k]` as x0, y0, x1, … with the map's span as 0..1. */
  expectedPlace(name: string, x: T): T;
}

/** What a landmark network gives: see "Network" in the project's contracts. */
export interface LandmarkOutputs<T> {
  /** `[n, 136]`, crop units 0..1. */
  readonly keypoints: T;
  /** `[n, 68]`, expected error in crop units. */
  readonly spread: T;
  /** `[n, 1]`, probability that the crop holds a face. */
  readonly presence: T;
  /** `[n, 68, cells]`: the maps that the points were read from, for the loss; absent in heads without maps. */
  readonly maps?: T;
}

export type LandmarkNetwork = <T>(layers: Layers<T>, crop: T) => LandmarkOutputs<T>;
