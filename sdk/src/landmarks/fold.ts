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

/** Fuses every chain that matches and leaves the rest as it is; the artifacts themselves are not changed. */
export function foldConvolutions(artifacts: ModelArtifacts): ModelArtifacts {
  const all = nodesOf(artifacts);
  if (!all) return artifacts;
  const nodes = new Map(all.map((node) => [node.name, node]));
  const consumers = countConsumers(all);
  const raw = sliceWeights(artifacts);
  const folded = new Map<string, StoredWeight>();
  const removed = new Set<string>();
  const replaced = new Map<string, GraphNode>();

  for (const conv of all) {
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

    const values = decodeWeight(kernel);
    if (scaleName) {
      const scale = decodeWeight(raw.get(scaleName)!);
      for (let i = 0; i < values.length; i += channels) {
        for (let c = 0; c < channels; c++) values[i + c] *= scale[c];
      }
      removed.add(scaleName);
    }
    folded.set(kernelName, floatWeight(kernelName, kernel.spec.shape, values));
    folded.set(biasName, floatWeight(biasName, [channels], decodeWeight(raw.get(biasName)!)));
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

  const node = all
    .filter(({ name }) => replaced.has(name) || !removed.has(name))
    .map(
      (old) =>
        replaced.get(old.name) ??
        (folded.has(old.name) ? asFloatConst(old, folded.get(old.name)!.spec.shape) : old),
    );
  const weights = [...raw.values()]
    .filter(({ spec: { name } }) => !removed.has(name))
    .map((weight) => folded.get(weight.spec.name) ?? weight);
  return { ...artifacts, modelTopology: { ...artifacts.modelTopology, node }, ...joinWeights(weights) };
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
