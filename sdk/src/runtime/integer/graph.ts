/** Has a graph's convolutions computed by integers. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  bare,
  BIAS_ADD,
  decodeWeight,
  joinWeights,
  NHWC,
  nodesOf,
  RELU,
  SAME,
  sliceWeights,
  type GraphNode,
  type StoredWeight,
} from '../model/graph-parts.ts';
import type { Runtime } from '../runtime.ts';
import type { Converter, ModelArtifacts, Tensor, Tensor4D, Tf } from '../tf.ts';
import { IntegerConvolutions, type ConvolutionLayer } from './convolutions.ts';
import { integerWeights, type Group } from './weights.ts';

/** A graph to load. */
export interface PreparedGraph {
  readonly artifacts: ModelArtifacts;
  /** When the graph is disposed. */
  release(): void;
}

/**
 * The graph with every `_FusedConv2D` that the integer kernels can compute as an operation of ours, its weights out of tfjs's
 * hands. As it is where WebAssembly cannot run them, where tfjs is faster by threads, and where weights are not of 8 bits.
 */
export async function withIntegerConvolutions(
  { tf, converter }: Pick<Runtime, 'tf' | 'converter'>,
  artifacts: ModelArtifacts,
): Promise<PreparedGraph> {
  const asItIs = { artifacts, release: () => {} };
  const integers = await IntegerConvolutions.create();
  if (!integers) return asItIs;
  // Ours have one thread, tfjs four at most: by the figures of one thread these are faster than our kernel of 16 bits, and about as fast as the other. Not measured.
  if (tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') && !integers.hasDotProducts) return asItIs;
  // tfjs knows operations by name, those of all graphs and of every copy of this package.
  const operation = `IntegerConvolution${Math.random().toString(36).slice(2)}`;
  const rewritten = rewrite(artifacts, operation, integers);
  if (!rewritten) return asItIs;
  register(operation, integers, tf, converter);
  return { artifacts: rewritten, release: () => converter.deregisterOp(operation) };
}

/** Undefined where there is no such convolution. */
function rewrite(
  artifacts: ModelArtifacts,
  operation: string,
  integers: IntegerConvolutions,
): ModelArtifacts | undefined {
  const nodes = nodesOf(artifacts);
  if (!nodes) return undefined;
  const weights = sliceWeights(artifacts);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const node = nodes.map((old): GraphNode => {
    const layer = layerOf(old, weights, (input) => integers.groupFor(isNonNegative(input, byName)));
    if (!layer) return old;
    const attr = { layer: { i: String(integers.add(layer)) } };
    return { name: old.name, op: operation, input: old.input?.slice(0, 1), attr };
  });
  if (node.every((now, i) => now === nodes[i])) return undefined;
  // Files share equal constants: one goes when nobody reads it any more.
  const [before, still] = [inputsOf(nodes), inputsOf(node)];
  const gone = new Set([...weights.keys()].filter((name) => before.has(name) && !still.has(name)));
  return {
    ...artifacts,
    modelTopology: { ...artifacts.modelTopology, node: node.filter(({ name }) => !gone.has(name)) },
    ...joinWeights([...weights.values()].filter(({ spec }) => !gone.has(spec.name))),
  };
}

/** Whether a value is nowhere below zero, whatever the picture, as far as the graph tells. */
export function isNonNegative(name: string | undefined, nodes: ReadonlyMap<string, GraphNode>): boolean {
  const { op, input = [], attr } = nodes.get(bare(name ?? '')) ?? {};
  if (op === 'Relu') return true;
  if (op === '_FusedConv2D') return endsInRelu(attr);
  const keepsSigns = op === 'MaxPool' || op === 'ResizeNearestNeighbor';
  return keepsSigns && isNonNegative(input[0], nodes);
}

function endsInRelu(attr: ConvolutionAttributes = {}): boolean {
  return attr.fused_ops?.list?.s?.at(-1) === RELU;
}

function inputsOf(nodes: readonly GraphNode[]): Set<string> {
  return new Set(nodes.flatMap(({ input = [] }) => input.map(bare)));
}

/** On its own, as what the operation refers to stays as long as the graph. */
function register(operation: string, integers: IntegerConvolutions, tf: Tf, converter: Converter): void {
  converter.registerOp(operation, ({ inputs: [x], attrs }) => {
    const { values, shape } = integers.run(attrs['layer'] as number, {
      values: valuesOf(x, tf.backend() as BackendWasm),
      shape: x.shape as Tensor4D['shape'],
    });
    return tf.tensor4d(values, [...shape]);
  });
}

/** A tensor's values where tfjs holds them: `dataSync` would copy them, which takes as long as some convolutions. */
function valuesOf({ dataId, size }: Tensor, { wasm, dataIdMap }: BackendWasm): Float32Array {
  // Emscripten's, of whose types tfjs ships none.
  const { HEAPU8 } = wasm as unknown as { readonly HEAPU8: Uint8Array };
  return new Float32Array(HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, size);
}

/** Undefined for other operations, and for what the kernel does not do: dilation, other padding, another order. */
function layerOf(
  { op, input = [], attr = {} }: GraphNode,
  weights: ReadonlyMap<string, StoredWeight>,
  groupFor: (input: string | undefined) => Group,
): ConvolutionLayer | undefined {
  if (op !== '_FusedConv2D' || input.length !== 3) return undefined;
  const [kernel, bias] = input.slice(1).map((name) => weights.get(bare(name)));
  if (!kernel || !bias) return undefined;
  const { shape } = kernel.spec;
  const { strides, dilations, padding, data_format: order, fused_ops: fused } = attr as ConvolutionAttributes;
  const [, stride, across] = strides?.list?.i?.map(Number) ?? [];
  const plain = dilations?.list?.i?.every((i) => Number(i) === 1) && stride === across;
  if (!stride || !plain || padding?.s !== SAME || order?.s !== NHWC) return undefined;
  const [first, second, ...others] = fused?.list?.s ?? [];
  if (first !== BIAS_ADD || (second !== undefined && second !== RELU) || others.length > 0) return undefined;
  const [biases, integers] = [
    decodeWeight(bias),
    integerWeights(decodeWeight(kernel), shape, groupFor(input[0])),
  ];
  if (!integers || biases.length !== shape[3]) return undefined;
  return { shape, weights: integers, bias: biases, stride, relu: second === RELU };
}

/** As `fold.ts` writes them, out of the file's own; other files may lack any. */
interface ConvolutionAttributes {
  readonly strides?: { readonly list?: { readonly i?: readonly string[] } };
  readonly dilations?: { readonly list?: { readonly i?: readonly string[] } };
  readonly padding?: { readonly s?: string };
  readonly data_format?: { readonly s?: string };
  readonly fused_ops?: { readonly list?: { readonly s?: readonly string[] } };
}
