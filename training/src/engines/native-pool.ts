import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { MaxPool, Tf } from './engine.ts';
import { nodeBackend, type Attribute } from './node-backend.ts';

/**
 * oneDNN's max pooling, which notes where each largest value was; TensorFlow's own gradient looks for them again, at ten
 * times the time.
 * @returns undefined where this TensorFlow comes without it
 */
export function notingMaxPool(tf: Tf): MaxPool | undefined {
  try {
    tf.tidy(() => {
      const probe = tf.grad((x) => maxPoolOf(tf)(x as Tensor4D, 2, 2, 'same'))(tf.ones([1, 2, 2, 1]));
      probe.dataSync();
    });
  } catch {
    return undefined;
  }
  return maxPoolOf(tf);
}

function maxPoolOf(tf: Tf): MaxPool {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  return (x, window, stride, padding) => {
    const attributes: Attribute[] = [
      // TensorFlow itself puts these in the place of `MaxPool` in graphs; the label is its mark for that.
      { name: '_kernel', type: binding.TF_ATTR_STRING, value: 'MklNameChangeOp' },
      { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: 'ksize', type: binding.TF_ATTR_INT, value: [1, window, window, 1] },
      { name: 'strides', type: binding.TF_ATTR_INT, value: [1, stride, stride, 1] },
      { name: 'padding', type: binding.TF_ATTR_STRING, value: padding.toUpperCase() },
      { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
      { name: 'workspace_enabled', type: binding.TF_ATTR_BOOL, value: true },
    ];
    const pool = tf.customGrad((...args) => {
      const [input, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
      const [value, places] = backend.executeMultipleOutputs('_MklNativeMaxPool', attributes, [input], 2);
      save([input, value, places]);
      return {
        value,
        gradFunc: (dy: Tensor | Tensor[], [before, after, noted]: Tensor[]) => [
          backend.executeSingleOutput('_MklNativeMaxPoolGrad', attributes, [
            before,
            after,
            dy as Tensor,
            noted,
          ]),
        ],
      };
    });
    return pool(x) as Tensor4D;
  };
}
