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
import type { ModelArtifacts, Tensor, Tensor4D, Tf } from '../tf.ts';
import { IntegerConvolutions, type ConvolutionLayer } from './convolutions.ts';

/** A graph to load. */
export interface PreparedGraph {
  readonly artifacts: ModelArtifacts;
  /** When the graph is disposed. */
  release(): void;
}

/** tfjs knows the operations of all graphs by name, so each graph's has a name of its own. */
let graphs = 0;

/**
 * The graph with every `_FusedConv2D` that the integer kernel can compute as an operation of ours, its weights out of tfjs's
 * hands. As it is where tfjs has several threads, and where WebAssembly cannot run the kernel.
 */
export async function withIntegerConvolutions(
  { tf, converter }: Pick<Runtime, 'tf' | 'converter'>,
  artifacts: ModelArtifacts,
): Promise<PreparedGraph> {
  const asItIs = { artifacts, release: () => {} };
  const nodes = nodesOf(artifacts);
  const integers = nodes && !hasThreads(tf) ? await IntegerConvolutions.create() : undefined;
  if (!nodes || !integers) return asItIs;
  const operation = `IntegerConvolution${graphs++}`;
  const weights = sliceWeights(artifacts);
  const removed = new Set<string>();
  const rewritten = nodes.map((node): GraphNode => {
    const layer = layerOf(node, weights);
    if (!layer) return node;
    const [x, ...constants] = node.input ?? [];
    for (const name of constants) removed.add(bare(name));
    return {
      name: node.name,
      op: operation,
      input: [x],
      attr: { layer: { i: String(integers.add(layer)) } },
    };
  });
  if (removed.size === 0) return asItIs;

  converter.registerOp(operation, ({ inputs: [x], attrs }) => {
    const { values, shape } = integers.run(attrs['layer'] as number, {
      values: valuesOf(x, tf.backend() as BackendWasm),
      shape: x.shape as Tensor4D['shape'],
    });
    return tf.tensor4d(values, [...shape]);
  });
  return {
    artifacts: {
      ...artifacts,
      modelTopology: {
        ...artifacts.modelTopology,
        node: rewritten.filter(({ name }) => !removed.has(name)),
      },
      ...joinWeights([...weights.values()].filter(({ spec }) => !removed.has(spec.name))),
    },
    release: () => converter.deregisterOp(operation),
  };
}

/** A tensor's values where tfjs holds them: `dataSync` would copy them, which takes as long as some convolutions. */
function valuesOf({ dataId, size }: Tensor, { wasm, dataIdMap }: BackendWasm): Float32Array {
  // Emscripten's, of whose types tfjs ships none.
  const { HEAPU8 } = wasm as unknown as { readonly HEAPU8: Uint8Array };
  return new Float32Array(HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, size);
}

/** Of ours there is one. */
function hasThreads(tf: Tf): boolean {
  return tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT');
}

/** Undefined for other operations, and for what the kernel does not do: dilation, other padding, another order. */
function layerOf(
  { op, input = [], attr = {} }: GraphNode,
  weights: ReadonlyMap<string, StoredWeight>,
): ConvolutionLayer | undefined {
  if (op !== '_FusedConv2D' || input.length !== 3) return undefined;
  const [kernel, bias] = input.slice(1).map((name) => weights.get(bare(name)));
  if (!kernel || !bias || !IntegerConvolutions.supports(kernel.spec)) return undefined;
  const {
    strides,
    dilations,
    padding,
    data_format: order,
    fused_ops: fused,
  } = attr as unknown as ConvolutionAttributes;
  const [, stride, across] = strides.list.i.map(Number);
  const plain = dilations.list.i.every((i) => Number(i) === 1) && stride === across;
  if (!plain || padding.s !== SAME || order.s !== NHWC) return undefined;
  const [first, second, ...others] = fused.list.s;
  if (first !== BIAS_ADD || (second !== undefined && second !== RELU) || others.length > 0) return undefined;
  return {
    kernel: decodeWeight(kernel),
    shape: kernel.spec.shape,
    bias: decodeWeight(bias),
    stride,
    relu: second === RELU,
  };
}

/** As `fold.ts` writes them, out of the file's own. */
interface ConvolutionAttributes {
  readonly strides: { readonly list: { readonly i: readonly string[] } };
  readonly dilations: { readonly list: { readonly i: readonly string[] } };
  readonly padding: { readonly s: string };
  readonly data_format: { readonly s: string };
  readonly fused_ops: { readonly list: { readonly s: readonly string[] } };
}
