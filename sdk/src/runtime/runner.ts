import type { Computation } from './computation.ts';
import { read, toTensor } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Recordings } from './webgpu/recordings.ts';

/** Has a computation run again and again, on WebGPU as it was recorded. */
export class Runner {
  readonly #runtime: Runtime;
  readonly #computation: Computation;
  #recordings: Recordings | undefined;

  constructor(runtime: Runtime, computation: Computation) {
    this.#runtime = runtime;
    this.#computation = computation;
  }

  /**
   * Has WebGPU compile what one input needs, which may take seconds; without it the first run does, nothing is drawn meanwhile, and
   * runs are not recorded. Elsewhere there is nothing to do.
   * @throws the signal's reason when aborted
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    const { device } = this.#runtime;
    if (!device) return;
    const webgpu = await import('./webgpu/recordings.ts').catch(() => undefined);
    if (!webgpu) return;
    this.#recordings = new webgpu.Recordings(this.#runtime, device, this.#computation);
    await this.#recordings.prepare(signal);
  }

  /**
   * Not again before it has answered.
   * @param inputs `n` of them; a buffer stays the caller's, and as it is until then
   * @throws FaceKeypointsError `device-lost`, `unexpected`
   */
  async run(inputs: Float32Array | GPUBuffer, n = 1): Promise<Float32Array> {
    const recorded = await this.#recordings?.run(inputs, n);
    if (recorded) return recorded;
    const { compute, shape } = this.#computation;
    const said = await read(this.#runtime, () => compute(toTensor(this.#runtime.tf, inputs, [n, ...shape])));
    await this.#recordings?.learn(inputs, n, said);
    return said;
  }

  dispose(): void {
    this.#recordings?.dispose();
  }
}
