/**
 * Rewrites a graph on load so that it runs in few steps: `Conv2D -> Mul(scale) -> AddV2(bias) -> Relu`, as the model
 * file stores a layer (uint8 kernel, one scale and bias per output channel), becomes one `_FusedConv2D`.
 * The file stays loadable by plain tfjs; the outputs agree up to rounding.
 */
import { specBytes } from '../runtime/model-store.ts';
import type { ModelArtifacts } from '../runtime/tf.ts';

interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, unknown>;
}

interface Weight {
  readonly shape: number[];
  readonly values: Float32Array;
}

/** 'BiasAdd' and 'Relu', as tfjs stores strings: base64. */
const BIAS_ADD = 'Qmlhc0FkZA==';
const RELU = 'UmVsdQ==';

/** Fuses every chain that matches and leaves the rest as it is; the artifacts themselves are not changed. */
export function foldConvolutions(artifacts: ModelArtifacts): ModelArtifacts {
  const topology = artifacts.modelTopology as { node?: GraphNode[] } | undefined;
  if (!topology?.node || !artifacts.weightSpecs || !artifacts.weightData) return artifacts;
  const nodes = new Map(topology.node.map((node) => [node.name, node]));
  const consumers = countConsumers(topology.node);
  const raw = sliceWeights(artifacts);
  const folded = new Map<string, Weight>();
  const removed = new Set<string>();
  const replaced = new Map<string, GraphNode>();

  for (const conv of topology.node) {
    if (conv.op !== 'Conv2D' || conv.input?.length !== 2) continue;
    const [x, kernelName] = conv.input.map(bare);
    const kernel = raw.get(kernelName);
    if (!kernel || consumers.get(kernelName)?.length !== 1) continue;
    const channels = kernel.spec.shape[3];
    const chain: GraphNode[] = [conv];
    const constant = (node: GraphNode): string | undefined => {
      const previous = chain[chain.length - 1].name;
      const others = (node.input ?? []).map(bare).filter((name) => name !== previous);
      const spec = others.length === 1 ? raw.get(others[0])?.spec : undefined;
      const flat =
        spec && spec.shape.reduce((a, b) => a * b, 1) === channels && spec.shape.at(-1) === channels;
      return flat && consumers.get(others[0])?.length === 1 ? others[0] : undefined;
    };
    const next = (ops: readonly string[]): GraphNode | undefined => {
      const users = consumers.get(chain[chain.length - 1].name) ?? [];
      const node = users.length === 1 ? nodes.get(users[0]) : undefined;
      return node && ops.includes(node.op) ? node : undefined;
    };

    const mul = next(['Mul']);
    const scaleName = mul && constant(mul);
    if (mul && scaleName) chain.push(mul);
    const add = next(['AddV2', 'Add', 'BiasAdd']);
    const biasName = add && constant(add);
    if (!add || !biasName) continue;
    chain.push(add);
    const relu = next(['Relu']);
    if (relu) chain.push(relu);

    const values = decode(kernel);
    if (scaleName) {
      const scale = decode(raw.get(scaleName)!);
      for (let i = 0; i < values.length; i += channels) {
        for (let c = 0; c < channels; c++) values[i + c] *= scale[c];
      }
      removed.add(scaleName);
    }
    folded.set(kernelName, { shape: kernel.spec.shape, values });
    folded.set(biasName, { shape: [channels], values: decode(raw.get(biasName)!) });
    // The last of the chain lends its name, so that whoever reads its output still does.
    for (const node of chain) removed.add(node.name);
    const last = chain[chain.length - 1];
    replaced.set(last.name, {
      name: last.name,
      op: '_FusedConv2D',
      input: [x, kernelName, biasName],
      attr: {
        ...conv.attr,
        fused_ops: { list: { s: relu ? [BIAS_ADD, RELU] : [BIAS_ADD] } },
        num_args: { i: '1' },
        epsilon: { f: 0 },
      },
    });
  }
  if (replaced.size === 0) return artifacts;

  const node = topology.node
    .filter(({ name }) => replaced.has(name) || !removed.has(name))
    .map(
      (old) =>
        replaced.get(old.name) ??
        (folded.has(old.name) ? asFloatConst(old, folded.get(old.name)!.shape) : old),
    );
  return { ...artifacts, modelTopology: { ...topology, node }, ...pack(artifacts, raw, folded, removed) };
}

interface RawWeight {
  readonly spec: NonNullable<ModelArtifacts['weightSpecs']>[number];
  readonly bytes: Uint8Array;
}

function sliceWeights({ weightSpecs, weightData }: ModelArtifacts): Map<string, RawWeight> {
  const all = toBytes(weightData!);
  let offset = 0;
  const weights = new Map<string, RawWeight>();
  for (const spec of weightSpecs!) {
    const length = specBytes(spec);
    weights.set(spec.name, { spec, bytes: all.slice(offset, offset + length) });
    offset += length;
  }
  return weights;
}

/** Weights in the file's order: folded ones as float32, removed ones left out, all others untouched. */
function pack(
  { weightSpecs }: ModelArtifacts,
  raw: ReadonlyMap<string, RawWeight>,
  folded: ReadonlyMap<string, Weight>,
  removed: ReadonlySet<string>,
): Pick<ModelArtifacts, 'weightSpecs' | 'weightData'> {
  const specs: NonNullable<ModelArtifacts['weightSpecs']> = [];
  const parts: Uint8Array[] = [];
  for (const spec of weightSpecs!) {
    if (removed.has(spec.name)) continue;
    const weight = folded.get(spec.name);
    specs.push(weight ? { name: spec.name, shape: weight.shape, dtype: 'float32' } : spec);
    parts.push(weight ? new Uint8Array(weight.values.buffer) : raw.get(spec.name)!.bytes);
  }
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { weightSpecs: specs, weightData: data.buffer };
}

/** Stored numbers to float32: value * scale + min for quantized ones (tfjs manifest format). */
function decode({ spec, bytes }: RawWeight): Float32Array {
  const { quantization } = spec;
  if (!quantization) return new Float32Array(bytes.buffer);
  if (quantization.dtype === 'float16') {
    return Float32Array.from(new Uint16Array(bytes.buffer), halfToFloat);
  }
  const stored = quantization.dtype === 'uint16' ? new Uint16Array(bytes.buffer) : bytes;
  const { scale = 1, min = 0 } = quantization;
  // Plain loops: `Float32Array.from` takes a second for a model of 11 million numbers.
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = stored[i] * scale + min;
  return values;
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -14 * (fraction / 1024);
}

function asFloatConst(node: GraphNode, shape: readonly number[]): GraphNode {
  const tensorShape = { dim: shape.map((size) => ({ size: String(size) })) };
  return {
    ...node,
    attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape } } },
  };
}

function countConsumers(nodes: readonly GraphNode[]): Map<string, string[]> {
  const consumers = new Map<string, string[]>();
  for (const node of nodes) {
    for (const input of node.input ?? []) {
      const name = bare(input);
      const list = consumers.get(name);
      if (list) list.push(node.name);
      else consumers.set(name, [node.name]);
    }
  }
  return consumers;
}

/** A node's name without output index (`:0`) and control mark (`^`). */
function bare(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function toBytes(data: NonNullable<ModelArtifacts['weightData']>): Uint8Array {
  if (!Array.isArray(data)) return new Uint8Array(data as ArrayBuffer);
  const out = new Uint8Array(data.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of data) {
    out.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return out;
}
