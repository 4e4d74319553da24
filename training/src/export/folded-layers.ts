import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { GradientLayers } from '../models/gradient-layers.ts';
import type { ConvOptions, DenseOptions } from '../models/layers.ts';
import type { FoldedLayer } from './fold.ts';

/** Where a measurement or a simulated quantization steps into a pass. Each hook may return the tensor unchanged. */
export interface LayerHooks {
  /** What a convolution or dense layer is given. */
  input?(layer: string, x: Tensor, options?: ConvOptions): Tensor;
  /** What it gives, before the ReLU. */
  output?(layer: string, y: Tensor): Tensor;
}

/** Kernel and bias of each layer on the engine. */
export type LayerTensors = ReadonlyMap<string, { readonly kernel: Tensor; readonly bias: Tensor }>;

/** The layers of an exported network, batch norm inside the kernels, as operations with gradients. Serves one pass. */
export class FoldedLayers extends GradientLayers {
  constructor(
    private readonly on: Engine,
    private readonly weights: LayerTensors,
    private readonly hooks: LayerHooks = {},
  ) {
    super(on, 'run', new Map());
  }

  override conv(name: string, input: Tensor, options: ConvOptions): Tensor {
    const x = this.hooks.input?.(name, input, options) ?? input;
    const { kernel, bias } = this.layer(name);
    const { stride = 1, padding = 'same', relu = false } = options;
    const y = this.on.tf.conv2d(x as Tensor4D, kernel as Tensor4D, stride, padding).add(bias);
    return this.given(name, y, relu);
  }

  override dense(name: string, input: Tensor, _units: number, { relu = false }: DenseOptions = {}): Tensor {
    const x = this.hooks.input?.(name, input) ?? input;
    const { kernel, bias } = this.layer(name);
    return this.given(name, (x as Tensor2D).matMul(kernel as Tensor2D).add(bias), relu);
  }

  private given(name: string, sum: Tensor, relu: boolean): Tensor {
    const y = this.hooks.output?.(name, sum) ?? sum;
    if (!relu) return y;
    return this.on.relu ? this.on.relu(y) : y.relu();
  }

  private layer(name: string): { readonly kernel: Tensor; readonly bias: Tensor } {
    const layer = this.weights.get(name);
    if (!layer) throw new Error(`the model has no layer ${name}`);
    return layer;
  }
}

export function uploadLayers(engine: Engine, layers: ReadonlyMap<string, FoldedLayer>): LayerTensors {
  const { tf } = engine;
  return new Map(
    [...layers].map(([name, { kernel, shape, bias }]) => [
      name,
      { kernel: tf.tensor(kernel, [...shape]), bias: tf.tensor1d(bias) },
    ]),
  );
}

export function disposeLayers(engine: Engine, tensors: LayerTensors): void {
  for (const { kernel, bias } of tensors.values()) engine.tf.dispose([kernel, bias]);
}
