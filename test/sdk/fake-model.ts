import type { io } from '@tensorflow/tfjs-core';

type Specs = NonNullable<io.ModelArtifacts['weightSpecs']>;

/**
 * A small landmark model in the file format: two quantized convolutions, pooling, three heads. Deterministic. It sees
 * nothing: its points are a plain face that fills any crop, `scale` times as large and shifted by `shift` of the crop.
 */
export function fakeLandmarkModel({
  size = 16,
  presence = 0.9,
  scale = 1,
  shift = 0,
} = {}): io.ModelArtifacts {
  const random = generator(7);
  const specs: Specs = [];
  const bytes: number[] = [];
  const node: object[] = [
    {
      name: 'crop',
      op: 'Placeholder',
      attr: {
        dtype: { type: 'DT_FLOAT' },
        shape: { shape: { dim: [-1, size, size, 1].map((d) => ({ size: String(d) })) } },
      },
    },
  ];
  const add = (name: string, op: string, input: string[], attr: object = {}): string => {
    node.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    return name;
  };
  const constant = (
    name: string,
    shape: number[],
    value: () => number,
    kind: 'float32' | 'int32' | 'uint8' = 'float32',
  ): string => {
    const dtype = kind === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const dim = shape.map((d) => ({ size: String(d) }));
    node.push({
      name,
      op: 'Const',
      attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: { dim } } } },
    });
    const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value);
    if (kind === 'uint8') {
      specs.push({ name, shape, dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: -128 } });
      bytes.push(...values);
    } else {
      specs.push({ name, shape, dtype: kind });
      bytes.push(...new Uint8Array((kind === 'int32' ? Int32Array : Float32Array).from(values).buffer));
    }
    return name;
  };
  const list = (values: number[]): object => ({ list: { i: values.map(String) } });
  const conv = (
    name: string,
    input: string,
    cin: number,
    cout: number,
    stride: number,
    relu: boolean,
  ): string => {
    const kernel = constant(`${name}/kernel`, [3, 3, cin, cout], () => Math.floor(random() * 256), 'uint8');
    const scale = constant(`${name}/scale`, [cout], () => 0.001 + random() * 0.002);
    const bias = constant(`${name}/bias`, [cout], () => random() - 0.5);
    const attr = {
      strides: list([1, stride, stride, 1]),
      dilations: list([1, 1, 1, 1]),
      padding: { s: btoa('SAME') },
      data_format: { s: btoa('NHWC') },
    };
    add(`${name}/conv`, 'Conv2D', [input, kernel], attr);
    add(`${name}/mul`, 'Mul', [`${name}/conv`, scale]);
    const out = add(`${name}/add`, 'AddV2', [`${name}/mul`, bias]);
    return relu ? add(`${name}/relu`, 'Relu', [out]) : out;
  };
  const head = (name: string, input: string, cin: number, cout: number, bias: () => number): string => {
    const kernel = constant(`${name}/kernel`, [cin, cout], () => (random() - 0.5) * 0.02);
    const offset = constant(`${name}/bias`, [cout], bias);
    return add(`${name}/add`, 'AddV2', [add(`${name}/matmul`, 'MatMul', [input, kernel]), offset]);
  };

  const a = conv('a', 'crop', 1, 4, 2, true);
  const b = conv('b', a, 4, 4, 1, false);
  const sum = add('residual/relu', 'Relu', [add('residual/add', 'AddV2', [b, a])]);
  const axes = constant('axes', [2], counter(1), 'int32');
  const features = add('pool', 'Mean', [sum, axes], { keep_dims: { b: false } });
  const points = MEAN_FACE.map((v, i) => 0.5 + scale * (v - 0.5) + (i % 2 ? 0 : shift));
  add('keypoints', 'Identity', [head('points', features, 4, 136, counterOf(points))]);
  add('spread', 'Identity', [head('width', features, 4, 68, () => 0.02)]);
  const logit = Math.log(presence / (1 - presence));
  const zero = constant('face/kernel', [4, 1], () => 0);
  const offset = constant('face/bias', [1], () => logit);
  add('presence', 'Sigmoid', [
    add('face/add', 'AddV2', [add('face/matmul', 'MatMul', [features, zero]), offset]),
  ]);

  return {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1 } },
    weightSpecs: specs,
    weightData: Uint8Array.from(bytes).buffer,
    userDefinedMetadata: {
      format: 'face-keypoints/1',
      name: 'fake',
      schema: 'ibug68',
      inputSize: size,
      normalization: 'per-crop',
      cropFactor: 1.3,
    },
  };
}

/** Points of a plain, frontal face that fills a crop of factor 1.3: crop units, x0, y0, … (drawn by rule, not measured). */
export const MEAN_FACE: readonly number[] = (() => {
  const p: number[] = [];
  const arc = (n: number, cx: number, cy: number, rx: number, ry: number, from: number, to: number): void => {
    for (let i = 0; i < n; i++) {
      const t = ((from + ((to - from) * i) / (n - 1)) * Math.PI) / 180;
      p.push(cx + rx * Math.cos(t), cy + ry * Math.sin(t));
    }
  };
  const line = (n: number, x0: number, y0: number, x1: number, y1: number): void => {
    for (let i = 0; i < n; i++) p.push(x0 + ((x1 - x0) * i) / (n - 1), y0 + ((y1 - y0) * i) / (n - 1));
  };
  arc(17, 0.5, 0.38, 0.38, 0.5, 180, 0);
  line(5, 0.2, 0.17, 0.42, 0.17);
  line(5, 0.58, 0.17, 0.8, 0.17);
  line(4, 0.5, 0.28, 0.5, 0.48);
  line(5, 0.42, 0.54, 0.58, 0.54);
  arc(6, 0.31, 0.3, 0.07, 0.03, 180, 480);
  arc(6, 0.69, 0.3, 0.07, 0.03, 180, 480);
  arc(12, 0.5, 0.68, 0.15, 0.06, 180, 510);
  arc(8, 0.5, 0.68, 0.12, 0.03, 180, 495);
  return p;
})();

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function counter(start: number): () => number {
  let value = start;
  return () => value++;
}

function counterOf(values: readonly number[]): () => number {
  let i = 0;
  return () => values[i++];
}
