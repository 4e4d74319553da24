import { answerOf, read, toTensor } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Tensor, Tensor4D } from './tf.ts';
import type { RecordedRun } from './webgpu/recorded-run.ts';

/** Inputs at once of which a run is recorded at most: each holds 4 MB (`lite`) to 11 MB (`resnet18`) on the GPU. */
const MOST_RECORDED = 4;
/** Recordings that are kept: of as many faces as there are, and of one that is looked at beside them. */
const KEPT = 2;
/** How far a recording's first answer may lie from tfjs's own, over the largest value. */
const TOLERANCE = 1e-3;

/**
 * A computation that is asked for again and again, from inputs to numbers. On WebGPU what it has the GPU do is recorded when
 * as many inputs have come twice in a row, and given to it again from then on.
 */
export class Runner {
  readonly #runtime: Runtime;
  readonly #compute: (inputs: Tensor4D) => Tensor;
  readonly #shape: readonly [height: number, width: number, channels: number];
  /** By the number of inputs, the one that was used last at the end. */
  readonly #recorded = new Map<number, RecordedRun>();
  #mayRecord = true;
  #lastCount = 0;

  /**
   * @param compute nothing but operations, always the same
   * @param shape of one input
   */
  constructor(
    runtime: Runtime,
    compute: (inputs: Tensor4D) => Tensor,
    shape: readonly [height: number, width: number, channels: number],
  ) {
    this.#runtime = runtime;
    this.#compute = compute;
    this.#shape = shape;
  }

  /**
   * Has WebGPU compile what it will run, which may take seconds; else the first run does, and the page waits for it.
   * @throws the signal's reason when aborted
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    const { device, tf, run } = this.#runtime;
    if (!device) return;
    try {
      const { compileShaders } = await import('./webgpu/compile-shaders.ts');
      const compiled = run(() => compileShaders(tf, () => this.#compute(tf.zeros([1, ...this.#shape]))));
      await unlessAborted(compiled, signal);
    } catch {
      // What is wrong the first run tells.
      signal?.throwIfAborted();
    }
  }

  /**
   * Not again before it has answered.
   * @param inputs `n` of them; a buffer stays the caller's, and as it is until then
   * @throws FaceKeypointsError `device-lost`, `unexpected`
   */
  async run(inputs: Float32Array | GPUBuffer, n = 1): Promise<Float32Array> {
    const recorded = this.#recorded.get(n);
    if (recorded) {
      this.#keep(n, recorded);
      return answerOf(this.#runtime, () => recorded.run(inputs));
    }
    const values = await read(this.#runtime, () =>
      this.#compute(toTensor(this.#runtime.tf, inputs, [n, ...this.#shape])),
    );
    if (this.#runtime.device && this.#mayRecord && n === this.#lastCount && n <= MOST_RECORDED)
      await this.#record(this.#runtime.device, inputs, n, values);
    this.#lastCount = n;
    return values;
  }

  /** @param expected what tfjs says of the inputs: a recording that says something else is not used */
  async #record(
    device: GPUDevice,
    inputs: Float32Array | GPUBuffer,
    n: number,
    expected: Float32Array,
  ): Promise<void> {
    const { tf } = this.#runtime;
    try {
      const { RecordedRun } = await import('./webgpu/recorded-run.ts');
      const recorded = await this.#runtime.run(
        () => new RecordedRun(tf, device, this.#compute, [n, ...this.#shape]),
      );
      const values = await this.#runtime.untilLost(recorded.run(inputs));
      if (areNear(values, expected)) return this.#keep(n, recorded);
      recorded.dispose();
    } catch {
      // The way that it goes otherwise is slower, and right. It also tells of a lost device.
    }
    this.#mayRecord = false;
  }

  #keep(n: number, recorded: RecordedRun): void {
    this.#recorded.delete(n);
    this.#recorded.set(n, recorded);
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size <= KEPT) return;
    this.#recorded.get(oldest)?.dispose();
    this.#recorded.delete(oldest);
  }

  dispose(): void {
    for (const recorded of this.#recorded.values()) recorded.dispose();
    this.#recorded.clear();
  }
}

/** What is aborted may go on, but nobody waits for it. */
async function unlessAborted(promise: Promise<void>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  await Promise.race([promise, aborted]);
}

function areNear(values: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.every((value, i) => Math.abs(value - expected[i]) <= TOLERANCE * largest);
}
