/** What a network does with the runtime: its graph is loaded, it is run, its answer is read. */
import { FaceKeypointsError } from '../errors.ts';
import type { Runtime } from './runtime.ts';
import type { GraphModel, ModelArtifacts, Tensor, Tensor4D, Tf } from './tf.ts';

/**
 * A tfjs graph model from artifacts in memory, on the runtime's backend.
 * @throws FaceKeypointsError `model-unsupported`, `device-lost`
 */
export async function loadGraph(runtime: Runtime, artifacts: ModelArtifacts): Promise<GraphModel> {
  const { tf, converter } = runtime;
  try {
    return (await runtime.run(() => converter.loadGraphModel(tf.io.fromMemory(artifacts)))) as GraphModel;
  } catch (cause) {
    const reason = await runtime.reasonOf(cause);
    if (reason.code === 'device-lost') throw reason;
    throw new FaceKeypointsError(
      'model-unsupported',
      `The model's graph cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}. Export it again.`,
      { cause },
    );
  }
}

/** Inputs in memory, or on the GPU without a copy. */
export function toTensor(
  tf: Tf,
  inputs: Float32Array | GPUBuffer,
  shape: readonly [n: number, height: number, width: number, channels: number],
): Tensor4D {
  if (inputs instanceof Float32Array) return tf.tensor4d(inputs, [...shape]);
  return tf.tensor({ buffer: inputs, zeroCopy: true }, [...shape], 'float32') as Tensor4D;
}

/** The values of what `compute` gives. @throws FaceKeypointsError `device-lost`, `unexpected` */
export async function read(runtime: Runtime, compute: () => Tensor): Promise<Float32Array> {
  let result: Tensor | undefined;
  try {
    return await answerOf(runtime, async () => {
      result = await runtime.run(() => runtime.tf.tidy(compute));
      return (await result.data()) as Float32Array;
    });
  } finally {
    // Tensors on a lost device went with it.
    if (!runtime.lost) result?.dispose();
  }
}

/** What the device answers. @throws FaceKeypointsError `device-lost`, `unexpected` */
export async function answerOf(runtime: Runtime, ask: () => Promise<Float32Array>): Promise<Float32Array> {
  try {
    const values = await runtime.untilLost(ask());
    // A lost device may answer with nothing instead of failing.
    if (runtime.lost) throw runtime.lost;
    return values;
  } catch (error) {
    throw await runtime.reasonOf(error);
  }
}
