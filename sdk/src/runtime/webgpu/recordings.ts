import type { Computation } from '../computation.ts';
import { answerOf } from '../graph.ts';
import type { Runtime } from '../runtime.ts';
import { compileShaders } from './compile-shaders.ts';
import { RecordedRun } from './recorded-run.ts';

/** What the recordings of a computation may hold of the GPU's memory, bytes: of `resnet18` those of four faces, or of one and three. */
const MOST_BYTES = 48e6;
/** How far a recording's first answer may lie from tfjs's own, over the largest value. */
const TOLERANCE = 1e-3;

/** The recorded runs of a computation: one is made when as many inputs have come twice in a row. */
export class Recordings {
  readonly #runtime: Runtime;
  readonly #device: GPUDevice;
  readonly #computation: Computation;
  /** By the number of inputs; the one that was used last is the last. */
  readonly #recorded = new Map<number, RecordedRun>();
  readonly #refused = new Set<number>();
  #count = 0;
  #isRepeated = false;

  constructor(runtime: Runtime, device: GPUDevice, computation: Computation) {
    this.#runtime = runtime;
    this.#device = device;
    this.#computation = computation;
  }

  /**
   * Has the shaders for one input compiled, which may take seconds.
   * @throws the signal's reason when aborted; what is wrong with the computation the first run tells
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    const { tf } = this.#runtime;
    const { compute, shape } = this.#computation;
    try {
      const compiled = this.#runtime.run(() => {
        signal?.throwIfAborted();
        return compileShaders(tf, () => compute(tf.zeros([1, ...shape])));
      });
      await unlessAborted(this.#runtime.untilLost(compiled), signal);
    } catch {
      signal?.throwIfAborted();
    }
  }

  /**
   * What a recording says of `n` inputs; undefined where there is none, and tfjs is to be asked.
   * @throws FaceKeypointsError `device-lost`
   */
  async run(inputs: Float32Array | GPUBuffer, n: number): Promise<Float32Array | undefined> {
    this.#isRepeated = n === this.#count;
    this.#count = n;
    const recorded = this.#recorded.get(n);
    if (!recorded) return undefined;
    this.#keep(n, recorded);
    try {
      return await answerOf(this.#runtime, () => recorded.run(inputs));
    } catch (error) {
      if (this.#runtime.lost) throw error;
      this.#refuse(n, recorded);
      return undefined;
    }
  }

  /**
   * Records a run of `n` inputs, if these are as many as the last ones were.
   * @param said what tfjs says of them: a recording that says something else is not used
   */
  async learn(inputs: Float32Array | GPUBuffer, n: number, said: Float32Array): Promise<void> {
    if (!this.#isRepeated || this.#refused.has(n)) return;
    const { tf } = this.#runtime;
    const { compute, shape } = this.#computation;
    let recorded: RecordedRun | undefined;
    try {
      recorded = await this.#runtime.run(() => new RecordedRun(tf, this.#device, compute, [n, ...shape]));
      if (recorded.size > MOST_BYTES) throw new Error('a recording is too large');
      const values = await this.#runtime.untilLost(recorded.run(inputs));
      if (!areNear(values, said)) throw new Error('a recording says something else');
      this.#keep(n, recorded);
    } catch {
      // Without it all is slower, and right. A lost device the next run tells.
      this.#refuse(n, recorded);
    }
  }

  /** At the end; those that were used longest ago make room. */
  #keep(n: number, recorded: RecordedRun): void {
    this.#recorded.delete(n);
    this.#recorded.set(n, recorded);
    for (const [other, oldest] of this.#recorded) {
      if (this.#bytes <= MOST_BYTES) break;
      oldest.dispose();
      this.#recorded.delete(other);
    }
  }

  get #bytes(): number {
    return [...this.#recorded.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #refuse(n: number, recorded: RecordedRun | undefined): void {
    this.#refused.add(n);
    this.#recorded.delete(n);
    recorded?.dispose();
  }

  dispose(): void {
    for (const recorded of this.#recorded.values()) recorded.dispose();
    this.#recorded.clear();
  }
}

/** What is aborted may go on, but nobody waits for it. */
async function unlessAborted(promise: Promise<void>, signal?: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([promise, aborted]);
}

function areNear(values: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.every((value, i) => Math.abs(value - expected[i]) <= TOLERANCE * largest);
}
