/** What a graph model in memory is made of, for those who rewrite it: its nodes and its stored weights. */
import type { ModelArtifacts } from '../tf.ts';
import { specBytes } from './manifest.ts';

export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, unknown>;
}

/** A weight as the file stores it. */
export interface StoredWeight {
  readonly spec: NonNullable<ModelArtifacts['weightSpecs']>[number];
  readonly bytes: Uint8Array;
}

/** 'BiasAdd', 'Relu', 'SAME' and 'NHWC', as tfjs stores strings: base64. */
export const BIAS_ADD = 'Qmlhc0FkZA==';
export const RELU = 'UmVsdQ==';
export const SAME = 'U0FNRQ==';
export const NHWC = 'TkhXQw==';

/** Undefined where the artifacts hold no graph with weights. */
export function nodesOf({ modelTopology, weightSpecs, weightData }: ModelArtifacts): GraphNode[] | undefined {
  if (!weightSpecs || !weightData) return undefined;
  return (modelTopology as { node?: GraphNode[] } | undefined)?.node;
}

/** A node's name without output index (`:0`) and control mark (`^`). */
export function bare(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** The weights by name, in the file's order. */
export function sliceWeights({ weightSpecs, weightData }: ModelArtifacts): Map<string, StoredWeight> {
  const all = toBytes(weightData!);
  let offset = 0;
  const weights = new Map<string, StoredWeight>();
  for (const spec of weightSpecs!) {
    const length = specBytes(spec);
    weights.set(spec.name, { spec, bytes: all.slice(offset, offset + length) });
    offset += length;
  }
  return weights;
}

export function joinWeights(
  weights: readonly StoredWeight[],
): Pick<ModelArtifacts, 'weightSpecs' | 'weightData'> {
  const data = new Uint8Array(weights.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let offset = 0;
  for (const { bytes } of weights) {
    data.set(bytes, offset);
    offset += bytes.length;
  }
  return { weightSpecs: weights.map(({ spec }) => spec), weightData: data.buffer };
}

/** Stored numbers to float32: value * scale + min for quantized ones (tfjs manifest format). */
export function decodeWeight({ spec, bytes }: StoredWeight): Float32Array {
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
