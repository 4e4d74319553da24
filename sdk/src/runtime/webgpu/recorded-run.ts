import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { toTensor } from '../graph.ts';
import type { Tensor, Tensor4D, Tf } from '../tf.ts';
import { PassRecorder, type Dispatch } from './pass-recorder.ts';

type BufferManager = WebGPUBackend['bufferManager'];

/** How many dispatches tfjs collects before it submits them. */
const SUBMITTED_AT = 'WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE';

/**
 * What a computation has the GPU do, recorded once and given to it again for each input. tfjs makes a uniform buffer, a bind
 * group and much else anew for each operation of each run, which can take longer than the GPU needs to compute it; here a run
 * is one submission of what was made before. The kernels are tfjs's.
 */
export class RecordedRun {
  readonly #device: GPUDevice;
  readonly #dispatches: readonly Dispatch[];
  readonly #input: GPUBuffer;
  readonly #output: GPUBuffer;
  /** Holds the output and all that lies between. */
  readonly #buffers: BufferManager;
  readonly #answer: GPUBuffer;

  /**
   * Call it while WebGPU is tfjs's current backend.
   * @param compute dispatches and nothing else, the same each time: else a run gives something else than it. It has been
   *   called before: what it keeps lies on the GPU.
   * @param shape of its input
   * @throws Error where tfjs is not as it is expected to be
   */
  constructor(
    tf: Tf,
    device: GPUDevice,
    compute: (input: Tensor4D) => Tensor,
    shape: readonly [n: number, height: number, width: number, channels: number],
  ) {
    const backend = tf.backend() as WebGPUBackend;
    const { bufferManager } = backend;
    const submittedAt = tf.env().getNumber(SUBMITTED_AT);
    submit(backend);
    // Buffers that tfjs has done with it hands out again: these it must not, nor any of them twice within the run.
    this.#buffers = new (bufferManager.constructor as new (device: GPUDevice) => BufferManager)(device);
    this.#device = device;
    this.#input = device.createBuffer({
      size: shape.reduce((a, b) => a * b, Float32Array.BYTES_PER_ELEMENT),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    const recorder = new PassRecorder();
    try {
      backend.bufferManager = this.#buffers;
      tf.env().set(SUBMITTED_AT, Infinity);
      recorder.standInFor(backend);
      const result = tf.tidy(() => compute(toTensor(tf, this.#input, shape)));
      const { resource } = backend.tensorMap.get(result.dataId);
      result.dispose();
      if (!(resource instanceof GPUBuffer)) throw new Error('the result is not on the GPU');
      this.#output = resource;
      this.#answer = device.createBuffer({
        size: resource.size,
        usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      });
    } catch (error) {
      this.#buffers.dispose();
      this.#input.destroy();
      throw error;
    } finally {
      try {
        submit(backend);
      } finally {
        backend.bufferManager = bufferManager;
        tf.env().set(SUBMITTED_AT, submittedAt);
      }
    }
    this.#dispatches = recorder.dispatches;
  }

  /** What it holds of the GPU's memory, bytes. */
  get size(): number {
    return this.#buffers.numBytesAllocated + this.#input.size + this.#answer.size;
  }

  /**
   * Not again before it has answered.
   * @param input of the shape that it was recorded with
   * @throws Error where the GPU refuses it, as when somebody has destroyed the weights
   */
  async run(input: Float32Array | GPUBuffer): Promise<Float32Array> {
    const device = this.#device;
    // What it refuses it does not do: the answer would be the last one's.
    device.pushErrorScope('validation');
    const encoder = device.createCommandEncoder();
    if (input instanceof Float32Array)
      device.queue.writeBuffer(this.#input, 0, input as Float32Array<ArrayBuffer>);
    else encoder.copyBufferToBuffer(input, 0, this.#input, 0, this.#input.size);
    const pass = encoder.beginComputePass();
    for (const { pipeline, bindGroup, workgroups } of this.#dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    encoder.copyBufferToBuffer(this.#output, 0, this.#answer, 0, this.#answer.size);
    device.queue.submit([encoder.finish()]);
    const [refused] = await Promise.all([device.popErrorScope(), this.#answer.mapAsync(GPUMapMode.READ)]);
    const values = new Float32Array(this.#answer.getMappedRange().slice(0));
    this.#answer.unmap();
    if (refused) throw new Error(refused.message);
    return values;
  }

  dispose(): void {
    this.#buffers.dispose();
    this.#input.destroy();
    this.#answer.destroy();
  }
}

/** What tfjs has collected. */
function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
