/**
 * Rewrites a graph on load so that it runs in few steps: `Conv2D -> Mul(scale) -> AddV2(bias) -> Relu`, as the model
 * file stores a layer (uint8 kernel, one scale and bias per output channel), becomes one `_FusedConv2D`.
 * The file stays loadable by plain tfjs; the outputs agree up to rounding.
 */
import {
  bare,
  BIAS_ADD,
  decodeWeight,
  joinWeights,
  nodesOf,
  RELU,
  sliceWeights,
  type GraphNode,
  type StoredWeight,
} from '../runtime/model/graph-parts.ts';
import type { ModelArtifacts } from '../runtime/tf.ts';

/** A convolution and what follows it, all of it used by nobody else. */
interface Chain {
  /** Names of its input and weights. */
  readonly x: string;
  readonly kernel: string;
  readonly scale?: string;
  readonly bias: string;
  readonly relu: boolean;
  /** From the convolution on. */
  readonly nodes: readonly GraphNode[];
}

interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Names of the nodes that read one. */
  readonly consumers: ReadonlyMap<string, readonly string[]>;
  readonly weights: ReadonlyMap<string, StoredWeight>;
}

/** Fuses every chain that matches and leaves the rest as it is; the artifacts themselves are not changed. */
export function foldConvolutions(artifacts: ModelArtifacts): ModelArtifacts {
  const nodes = nodesOf(artifacts);
  if (!nodes) return artifacts;
  const graph: Graph = {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    consumers: consumersOf(nodes),
    weights: sliceWeights(artifacts),
  };
  const chains = nodes.map((node) => chainFrom(node, graph)).filter((chain) => chain !== undefined);
  if (chains.length === 0) return artifacts;

  const folded = new Map(chains.flatMap((chain) => foldedWeights(chain, graph.weights)));
  // The last of a chain lends its name, so that whoever reads its output still does.
  const fused = new Map(chains.map((chain) => [chain.nodes[chain.nodes.length - 1].name, fusedNode(chain)]));
  const removed = new Set(chains.flatMap(({ nodes, scale }) => [...nodes.map(({ name }) => name), scale]));
  const node = nodes
    .filter(({ name }) => fused.has(name) || !removed.has(name))
    .map((old) => {
      const weight = folded.get(old.name);
      return fused.get(old.name) ?? (weight ? asFloatConst(old, weight.spec.shape) : old);
    });
  const weights = [...graph.weights.values()]
    .filter(({ spec }) => !removed.has(spec.name))
    .map((weight) => folded.get(weight.spec.name) ?? weight);
  return { ...artifacts, modelTopology: { ...artifacts.modelTopology, node }, ...joinWeights(weights) };
}

/** Undefined where `conv` is no convolution, or not followed by the sum with a bias. */
function chainFrom(conv: GraphNode, { nodes, consumers, weights }: Graph): Chain | undefined {
  if (conv.op !== 'Conv2D' || conv.input?.length !== 2) return undefined;
  const [x, kernel] = conv.input.map(bare);
  const channels = weights.get(kernel)?.spec.shape[3];
  if (channels === undefined || consumers.get(kernel)?.length !== 1) return undefined;
  /** The node that alone reads `previous`, if it is one of these. */
  const next = (previous: GraphNode, ...ops: readonly string[]): GraphNode | undefined => {
    const readers = consumers.get(previous.name) ?? [];
    const node = readers.length === 1 ? nodes.get(readers[0]) : undefined;
    return node && ops.includes(node.op) ? node : undefined;
  };
  /** The weight beside `previous` that `node` reads, if it is a value for each channel and nobody else's. */
  const constant = (node: GraphNode, previous: GraphNode): string | undefined => {
    const [name, ...others] = (node.input ?? []).map(bare).filter((name) => name !== previous.name);
    const { shape = [] } = weights.get(name)?.spec ?? {};
    const aChannel = shape.at(-1) === channels && shape.reduce((a, b) => a * b, 1) === channels;
    return aChannel && others.length === 0 && consumers.get(name)?.length === 1 ? name : undefined;
  };

  const product = next(conv, 'Mul');
  const scale = product && constant(product, conv);
  const scaled = product && scale ? product : conv;
  const sum = next(scaled, 'AddV2', 'Add', 'BiasAdd');
  const bias = sum && constant(sum, scaled);
  if (!sum || !bias) return undefined;
  const relu = next(sum, 'Relu');
  const chain = [conv, scale ? product : undefined, sum, relu].filter((node) => node !== undefined);
  return { x, kernel, scale, bias, relu: relu !== undefined, nodes: chain };
}

/** Kernel and bias in float32, the scale multiplied in. */
function foldedWeights(
  { kernel, scale, bias }: Chain,
  weights: ReadonlyMap<string, StoredWeight>,
): [name: string, weight: StoredWeight][] {
  const { shape } = weights.get(kernel)!.spec;
  const values = decodeWeight(weights.get(kernel)!);
  const channels = shape[3];
  if (scale) {
    const scales = decodeWeight(weights.get(scale)!);
    for (let i = 0; i < values.length; i += channels) {
      for (let c = 0; c < channels; c++) values[i + c] *= scales[c];
    }
  }
  return [
    [kernel, floatWeight(kernel, shape, values)],
    [bias, floatWeight(bias, [channels], decodeWeight(weights.get(bias)!))],
  ];
}

function fusedNode({ x, kernel, bias, relu, nodes }: Chain): GraphNode {
  return {
    name: nodes[nodes.length - 1].name,
    op: '_FusedConv2D',
    input: [x, kernel, bias],
    attr: {
      ...nodes[0].attr,
      fused_ops: { list: { s: relu ? [BIAS_ADD, RELU] : [BIAS_ADD] } },
      num_args: { i: '1' },
      epsilon: { f: 0 },
    },
  };
}

function floatWeight(name: string, shape: number[], values: Float32Array): StoredWeight {
  return { spec: { name, shape, dtype: 'float32' }, bytes: new Uint8Array(values.buffer) };
}

function asFloatConst(node: GraphNode, shape: readonly number[]): GraphNode {
  const tensorShape = { dim: shape.map((size) => ({ size: String(size) })) };
  return {
    ...node,
    attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape } } },
  };
}

function consumersOf(nodes: readonly GraphNode[]): Map<string, string[]> {
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
