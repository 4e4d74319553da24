import type { Engine, Tf } from '../engines/engine.ts';
import { isNodeBackend, nodeBackend, type NodeBackend } from '../engines/node-backend.ts';

/** Time spent in one kind of operation. */
export interface OperationTime {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** Names of what is no operation. */
export const UPLOAD = 'upload';

/**
 * Runs `work` and adds up its operations by kind. TensorFlow's are timed one by one where they are called; of other engines
 * tfjs's own profile tells.
 * @returns the dearest first
 */
export async function timeOperations({ tf }: Engine, work: () => void): Promise<OperationTime[]> {
  const times = isNodeBackend(tf.backend()) ? timeTensorFlow(tf, work) : await timeKernels(tf, work);
  return [...times]
    .map(([name, { calls, milliseconds }]) => ({ name, calls, milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

type Times = Map<string, { calls: number; milliseconds: number }>;

function count(times: Times, name: string, milliseconds: number): void {
  const time = times.get(name) ?? { calls: 0, milliseconds: 0 };
  times.set(name, { calls: time.calls + 1, milliseconds: time.milliseconds + milliseconds });
}

function timeTensorFlow(tf: Tf, work: () => void): Times {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  const times: Times = new Map();
  const timed = <T>(name: string, call: () => T): T => {
    const started = performance.now();
    const result = call();
    count(times, name, performance.now() - started);
    return result;
  };
  backend.binding = Object.create(binding, {
    executeOp: {
      value: (name: string, ...rest: unknown[]) => timed(name, () => binding.executeOp(name, ...rest)),
    },
    createTensor: { value: (...args: unknown[]) => timed(UPLOAD, () => binding.createTensor(...args)) },
  }) as NodeBackend['binding'];
  try {
    work();
  } finally {
    backend.binding = binding;
  }
  return times;
}

async function timeKernels(tf: Tf, work: () => void): Promise<Times> {
  const { kernels } = await tf.profile(() => {
    work();
    return [];
  });
  const times: Times = new Map();
  for (const { name, kernelTimeMs } of kernels) {
    const milliseconds = await kernelTimeMs;
    if (typeof milliseconds === 'number') count(times, name, milliseconds);
  }
  return times;
}
