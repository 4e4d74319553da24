import type { TensorInfo } from '@tensorflow/tfjs';

/** The part of tfjs-webgpu's backend through which work of one's own gets into its queue, between its own. */
export interface GpuBackend {
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): { readonly resource?: GPUBuffer | null } };
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: object): boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  getBufferData(buffer: GPUBuffer): Promise<ArrayBuffer>;
}

export type Workgroups = readonly [x: number, y?: number, z?: number];

/** Dispatches between two submissions: memory that tensors leave is free again after the next. */
const DISPATCHES_A_SUBMISSION = 64;
/** Of a flat dispatch, along x: below the 65535 that any device allows. */
const WORKGROUPS_ALONG_X = 32768;
/** Threads of a workgroup of a flat program. */
export const FLAT_THREADS = 256;

/** Runs WGSL of ours on tensors, each program compiled once. */
export class Programs {
  private readonly pipelines = new Map<string, GPUComputePipeline>();
  private failure: string | undefined;

  constructor(readonly backend: GpuBackend) {
    // WebGPU drops work that it refuses, and what was to be computed is then read as zeros.
    backend.device.addEventListener('uncapturederror', ({ error }) => {
      this.failure ??= error.message.split('\n')[0];
    });
  }

  /**
   * @param key names the program; the same key gives the same code
   * @param tensors its buffers, `@group(0) @binding(i)`, each declared `read` or `read_write` as the code has it
   */
  run(key: string, code: () => string, tensors: readonly TensorInfo[], [x, y = 1, z = 1]: Workgroups): void {
    const { backend } = this;
    const pipeline = this.pipelineOf(key, code);
    const entries = tensors.map(({ dataId }, binding) => {
      backend.commandQueueOwnedIds.add(dataId);
      return { binding, resource: { buffer: this.bufferOf(dataId) } };
    });
    const group = backend.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    backend.ensureCommandEncoderReady();
    backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
    const pass = backend.computePassEncoder;
    if (!pass) throw new Error('tfjs-webgpu has no command encoder');
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y, z);
    if (++backend.dispatchCountInPass >= DISPATCHES_A_SUBMISSION) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
  }

  /** A tensor to be written; its values are whatever was there. */
  output(shape: readonly number[]): TensorInfo {
    const info = this.backend.makeTensorInfo([...shape], 'float32');
    this.backend.uploadToGPU(info.dataId);
    return info;
  }

  /** Lets go of an output that nothing but programs here has seen, once what was given to the queue is done with it. */
  discard({ dataId }: TensorInfo): void {
    this.backend.disposeData(dataId);
  }

  /**
   * What a tensor holds now. tfjs's `data()` remembers what it read first, so it misses what is written in place.
   * @throws Error when the device has refused work since the start: out of memory, or beyond its limits
   */
  async read({ dataId }: TensorInfo): Promise<Float32Array> {
    const values = new Float32Array(await this.backend.getBufferData(this.bufferOf(dataId)));
    if (this.failure === undefined) return values;
    throw new Error(`the graphics card refused work (${this.failure}); a smaller --batch or --size may do`);
  }

  private bufferOf(dataId: object): GPUBuffer {
    this.backend.uploadToGPU(dataId);
    const { resource } = this.backend.tensorMap.get(dataId);
    if (!resource) throw new Error('a tensor has no buffer');
    return resource;
  }

  private pipelineOf(key: string, code: () => string): GPUComputePipeline {
    let pipeline = this.pipelines.get(key);
    if (!pipeline) {
      const { device } = this.backend;
      const module = device.createShaderModule({ code: code(), label: key });
      pipeline = device.createComputePipeline({ layout: 'auto', compute: { module }, label: key });
      this.pipelines.set(key, pipeline);
    }
    return pipeline;
  }
}

/** Workgroups of a program with one thread for each of `count` elements, see `flatProgram`. */
export function flatWorkgroups(count: number): Workgroups {
  const groups = Math.ceil(count / FLAT_THREADS);
  return [Math.min(groups, WORKGROUPS_ALONG_X), Math.ceil(groups / WORKGROUPS_ALONG_X)];
}

/** A program whose `body` does element `i`, where that is below `count` (an expression). */
export function flatProgram(declarations: string, count: string, body: string): string {
  return `${declarations}
@compute @workgroup_size(${FLAT_THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let i = (group.y * groups.x + group.x) * ${FLAT_THREADS}u + thread;
  if (i >= ${count}) { return; }
  ${body}
}`;
}

/** Declares buffers in the order of their bindings: those of `written` may be written, the others are read. */
export function buffers(types: Readonly<Record<string, string>>, ...written: readonly string[]): string {
  return Object.entries(types)
    .map(([name, type], binding) => {
      const access = written.includes(name) ? 'read_write' : 'read';
      return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;`;
    })
    .join('\n');
}
