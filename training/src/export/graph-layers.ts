import { cellCentres } from '../models/gradient-layers.ts';
import {
  HALVING_POOL,
  sideAfter,
  type ConvOptions,
  type DenseOptions,
  type Layers,
  type PoolOptions,
} from '../models/layers.ts';
import { sizeOf } from '../models/parameters.ts';
import type { QuantizedLayers } from './quantize.ts';

/** A node of TensorFlow's GraphDef in tfjs's JSON form. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, object>>;
}

/** An entry of tfjs's weights manifest, with its bytes. */
export interface GraphWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number };
  readonly bytes: Uint8Array;
}

/** A node's output: its name and shape without the batch. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly number[];
}

const FLOAT = { T: { type: 'DT_FLOAT' } };
const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const numbers = (...values: number[]) => ({ list: { i: values.map(String) } });

/**
 * The layers as nodes of a tfjs GraphModel. A layer's kernel is stored as whole numbers -127..127 in uint8 with offset
 * -128; a node after the product multiplies by each channel's scale, another adds the bias.
 */
export class GraphLayers implements Layers<GraphValue> {
  readonly nodes: GraphNode[] = [];
  readonly weights: GraphWeight[] = [];

  constructor(private readonly layers: QuantizedLayers) {}

  input(name: string, shape: readonly number[]): GraphValue {
    const dim = [-1, ...shape].map((size) => ({ size: String(size) }));
    return this.node(name, 'Placeholder', [], shape, {
      dtype: { type: 'DT_FLOAT' },
      shape: { shape: { dim } },
    });
  }

  conv(name: string, x: GraphValue, options: ConvOptions): GraphValue {
    const { filters, kernel, stride = 1, relu = false, padding = 'same' } = options;
    const [height, width] = x.shape.map((side) => sideAfter(side, kernel, stride, padding));
    const shape = [height, width, filters];
    return this.linear(name, x, shape, relu, 'Conv2D', {
      strides: numbers(1, stride, stride, 1),
      dilations: numbers(1, 1, 1, 1),
      padding: text(padding.toUpperCase()),
      data_format: text('NHWC'),
    });
  }

  flatten(name: string, x: GraphValue): GraphValue {
    return this.reshape(name, x, [sizeOf(x.shape)]);
  }

  /** A model that is used drops nothing. */
  dropout(_name: string, x: GraphValue): GraphValue {
    return x;
  }

  dense(name: string, x: GraphValue, units: number, { relu = false }: DenseOptions = {}): GraphValue {
    return this.linear(name, x, [units], relu, 'MatMul', {
      transpose_a: { b: false },
      transpose_b: { b: false },
    });
  }

  private linear(
    name: string,
    x: GraphValue,
    shape: readonly number[],
    relu: boolean,
    op: string,
    attr: Record<string, object>,
  ): GraphValue {
    const layer = this.layers.get(name);
    if (!layer) throw new Error(`no weights for ${name}`);
    const kernel = this.weight(`${name}/kernel`, layer.shape, {
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: 1, min: -128 },
      bytes: asBytes(layer.levels),
    });
    const product = this.node(`${name}/product`, op, [x, kernel], shape, attr);
    const scaled = this.node(
      `${name}/scaled`,
      'Mul',
      [product, this.floats(`${name}/scale`, layer.scale)],
      shape,
    );
    const sum = this.node(
      relu ? `${name}/sum` : name,
      'AddV2',
      [scaled, this.floats(`${name}/bias`, layer.bias)],
      shape,
    );
    return relu ? this.node(name, 'Relu', [sum], shape) : sum;
  }

  maxPool(name: string, x: GraphValue, options: PoolOptions = HALVING_POOL): GraphValue {
    const { window, stride, padding } = options;
    const [height, width] = x.shape.map((side) => sideAfter(side, window, stride, padding));
    return this.node(name, 'MaxPool', [x], [height, width, x.shape[2]], {
      ksize: numbers(1, window, window, 1),
      strides: numbers(1, stride, stride, 1),
      padding: text(padding.toUpperCase()),
      data_format: text('NHWC'),
    });
  }

  add(name: string, a: GraphValue, b: GraphValue, relu: boolean): GraphValue {
    const sum = this.node(relu ? `${name}/sum` : name, 'AddV2', [a, b], a.shape);
    return relu ? this.node(name, 'Relu', [sum], a.shape) : sum;
  }

  upsample(name: string, x: GraphValue): GraphValue {
    const [height, width, channels] = x.shape;
    const size = this.ints(`${name}/size`, [2 * height, 2 * width]);
    return this.node(name, 'ResizeNearestNeighbor', [x, size], [2 * height, 2 * width, channels], {
      align_corners: { b: false },
      half_pixel_centers: { b: false },
    });
  }

  globalMean(name: string, x: GraphValue): GraphValue {
    return this.node(name, 'Mean', [x, this.ints(`${name}/axes`, [1, 2])], [x.shape[2]], {
      keep_dims: { b: false },
    });
  }

  exp(name: string, x: GraphValue): GraphValue {
    return this.node(name, 'Exp', [x], x.shape);
  }

  sigmoid(name: string, x: GraphValue): GraphValue {
    return this.node(name, 'Sigmoid', [x], x.shape);
  }

  softmaxMaps(name: string, x: GraphValue): GraphValue {
    const turned = this.turned(name, x);
    return this.node(name, 'Softmax', [turned], turned.shape);
  }

  expectedPlace(name: string, x: GraphValue, right = 0): GraphValue {
    const [maps, cells] = x.shape;
    const rows = this.node(
      `${name}/rows`,
      'Reshape',
      [x, this.ints(`${name}/rows/shape`, [-1, cells])],
      [cells],
    );
    const centres = this.floats(`${name}/cells`, cellCentres(cells, right), [cells, 2]);
    const places = this.node(`${name}/places`, 'MatMul', [rows, centres], [2], {
      transpose_a: { b: false },
      transpose_b: { b: false },
    });
    return this.reshape(name, places, [2 * maps]);
  }

  expectedValues(name: string, x: GraphValue, values: GraphValue): GraphValue {
    const [maps] = x.shape;
    const shares = this.node(`${name}/shares`, 'Mul', [x, this.turned(name, values)], x.shape);
    return this.node(name, 'Sum', [shares, this.ints(`${name}/axis`, [2])], [maps], {
      keep_dims: { b: false },
    });
  }

  /** `[h, w, k]` to `[k, h * w]`. */
  private turned(name: string, x: GraphValue): GraphValue {
    const [height, width, maps] = x.shape;
    const flat = this.reshape(`${name}/flat`, x, [height * width, maps]);
    const order = this.ints(`${name}/order`, [0, 2, 1]);
    return this.node(`${name}/maps`, 'Transpose', [flat, order], [maps, height * width]);
  }

  private reshape(name: string, x: GraphValue, shape: readonly number[]): GraphValue {
    return this.node(name, 'Reshape', [x, this.ints(`${name}/shape`, [-1, ...shape])], shape);
  }

  private node(
    name: string,
    op: string,
    inputs: readonly GraphValue[],
    shape: readonly number[],
    attr: Readonly<Record<string, object>> = {},
  ): GraphValue {
    const types = op === 'Placeholder' ? {} : FLOAT;
    this.nodes.push({ name, op, input: inputs.map((input) => input.name), attr: { ...types, ...attr } });
    return { name, shape };
  }

  private floats(name: string, values: Float32Array, shape: readonly number[] = [values.length]): GraphValue {
    return this.weight(name, shape, { dtype: 'float32', bytes: new Uint8Array(values.slice().buffer) });
  }

  private ints(name: string, values: number[]): GraphValue {
    return this.weight(name, [values.length], {
      dtype: 'int32',
      bytes: new Uint8Array(Int32Array.from(values).buffer),
    });
  }

  private weight(
    name: string,
    shape: readonly number[],
    weight: Omit<GraphWeight, 'name' | 'shape'>,
  ): GraphValue {
    this.weights.push({ name, shape, ...weight });
    const dim = shape.map((size) => ({ size: String(size) }));
    const type = { type: weight.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' };
    const value = { tensor: { dtype: type.type, tensorShape: { dim } } };
    this.nodes.push({ name, op: 'Const', attr: { dtype: type, value } });
    return { name, shape };
  }
}

function asBytes(levels: Int8Array): Uint8Array {
  const bytes = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) bytes[i] = levels[i] + 128;
  return bytes;
}
