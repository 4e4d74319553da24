import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** One operation as the GPU is told of it. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: Parameters<GPUComputePassEncoder['dispatchWorkgroups']>;
}

/** Takes the place of a compute pass, and notes what it is told instead of doing it. */
export class PassRecorder {
  readonly dispatches: Dispatch[] = [];
  #pipeline: GPUComputePipeline | undefined;
  #bindGroup: GPUBindGroup | undefined;

  /** Until what is collected is submitted. */
  standInFor(backend: WebGPUBackend): void {
    backend.ensureCommandEncoderReady();
    // tfjs keeps it to itself, and begins a pass where there is none.
    (backend as unknown as { computePassEncoder: PassRecorder }).computePassEncoder = this;
  }

  setPipeline(pipeline: GPUComputePipeline): void {
    this.#pipeline = pipeline;
  }

  setBindGroup(_index: number, bindGroup: GPUBindGroup): void {
    this.#bindGroup = bindGroup;
  }

  dispatchWorkgroups(...workgroups: Dispatch['workgroups']): void {
    this.dispatches.push({ pipeline: this.#pipeline!, bindGroup: this.#bindGroup!, workgroups });
  }

  end(): void {}
}
