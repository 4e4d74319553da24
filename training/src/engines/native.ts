import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import util from 'node:util';
import type { BatchNorm, Engine, Tf } from './engine.ts';
import { notingMaxPool } from './native-pool.ts';
import { nodeBackend } from './node-backend.ts';
import { EngineUnavailable } from './unavailable.ts';

/** Where `npm run setup:native` installs, and where an install by hand would be found. */
const PLACES = [new URL('../../native/', import.meta.url), new URL('../../', import.meta.url)];

/**
 * TensorFlow through `@tensorflow/tfjs-node` or `-node-gpu`.
 * @throws EngineUnavailable when the package is not installed or its library does not load
 */
export async function startNative(gpu: boolean): Promise<Engine> {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // oneDNN may then multiply in bfloat16 where the processor can (AMX): a training step takes two thirds of the
  // time; sums stay float32.
  process.env.TF_SET_ONEDNN_FPMATH_MODE ??= 'BF16';
  const tf = load(name);
  await tf.setBackend('tensorflow');
  await tf.ready();
  return {
    name: gpu ? 'node-gpu' : 'node',
    tf,
    description: `${name} ${tf.version_core}, TensorFlow ${nodeBackend(tf).binding.TF_Version}`,
    batchNorm: fusedBatchNorm(tf),
    relu: fusedRelu(tf),
    // It has no kernel for graphics cards.
    maxPool: gpu ? undefined : notingMaxPool(tf),
    [Symbol.dispose]: () => {},
  };
}

function load(name: string): Tf {
  // tfjs-node 4.22 calls it, among others for topk; Node 23 no longer has it.
  (util as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) =>
    value === null || value === undefined;
  const failures: string[] = [];
  for (const place of PLACES) {
    const require = createRequire(new URL('package.json', place));
    let path: string;
    try {
      path = require.resolve(name);
    } catch {
      continue;
    }
    try {
      return require(path) as Tf;
    } catch (error) {
      failures.push(error instanceof Error ? error.message.split('\n')[0] : String(error));
    }
  }
  throw new EngineUnavailable(
    failures.length > 0
      ? `${name} is installed but does not load (${failures[0]}); run \`npm run setup:native\` again`
      : `${name} is not installed; \`npm run setup:native\` installs it`,
  );
}

/**
 * TensorFlow's FusedBatchNormV3 and its gradient: one pass each, where tfjs composes a dozen.
 * Ioffe and Szegedy, "Batch Normalization", 2015.
 */
function fusedBatchNorm(tf: Tf): BatchNorm {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  const attributes = (epsilon: number) => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
  return (x, gamma, beta, epsilon) => {
    let statistics: { mean: Tensor1D; variance: Tensor1D } | undefined;
    const normalise = tf.customGrad((...args) => {
      const [input, scale, shift, save] = args as unknown as [
        Tensor4D,
        Tensor1D,
        Tensor1D,
        (t: Tensor[]) => void,
      ];
      const none = tf.tensor1d([]);
      const [y, mean, variance, reserve1, reserve2, reserve3] = backend.executeMultipleOutputs(
        'FusedBatchNormV3',
        [...attributes(epsilon), { name: 'exponential_avg_factor', type: binding.TF_ATTR_FLOAT, value: 1 }],
        [input, scale, shift, none, none],
        6,
      );
      // TensorFlow divides the squares by n - 1.
      const n = input.size / scale.size;
      const biased = variance.mul((n - 1) / n);
      statistics = { mean: tf.keep(mean) as Tensor1D, variance: tf.keep(biased) as Tensor1D };
      save([input, scale, reserve1, reserve2, reserve3]);
      return {
        value: y,
        gradFunc: (dy: Tensor | Tensor[], saved: Tensor[]) => {
          const [dx, dScale, dShift] = backend.executeMultipleOutputs(
            'FusedBatchNormGradV3',
            attributes(epsilon),
            [dy as Tensor, ...saved],
            5,
          );
          return [dx, dScale, dShift];
        },
      };
    });
    const y = normalise(x, gamma, beta) as Tensor4D;
    if (!statistics) throw new Error('FusedBatchNormV3 gave no statistics');
    return { y, ...statistics };
  };
}

/** TensorFlow's ReluGrad: tfjs-node composes it from eight operations, each a pass over fresh memory. */
function fusedRelu(tf: Tf): (x: Tensor) => Tensor {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  const attributes = [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
  const relu = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const value = backend.executeSingleOutput('Relu', attributes, [input]);
    save([value]);
    return {
      value,
      gradFunc: (dy: Tensor | Tensor[], [output]: Tensor[]) => [
        backend.executeSingleOutput('ReluGrad', attributes, [dy as Tensor, output]),
      ],
    };
  });
  return (x) => relu(x);
}
