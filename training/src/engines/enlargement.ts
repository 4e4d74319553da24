import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

/** The gradient of enlarging by nearest neighbours, `ResizeNearestNeighborGrad`, in place of the backend's own. */
export function registerEnlargementGradient(tf: Tf, backendName: 'wasm' | 'cpu'): void {
  const kernelName = 'ResizeNearestNeighborGrad';
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs }) => {
      const { images, dy } = inputs as Record<'images' | 'dy', Tensor4D>;
      return tf.tidy(() => enlargementGradient(tf, dy, images.shape));
    },
  });
}

/** Each pixel that was repeated gets the sum over its copies. Whole factors only. */
function enlargementGradient(tf: Tf, dy: Tensor4D, shape: number[]): Tensor4D {
  const [n, height, width, channels] = shape;
  const [tall, wide] = [dy.shape[1] / height, dy.shape[2] / width];
  if (!Number.isInteger(tall) || !Number.isInteger(wide)) {
    throw new Error(`enlarging by ${tall} x ${wide} has no gradient here: use whole factors`);
  }
  const columns = tf.sum(dy.reshape([n * dy.shape[1] * width, wide, channels]) as Tensor3D, 1);
  return tf
    .sum(columns.reshape([n * height, tall, width * channels]), 1)
    .reshape([n, height, width, channels]);
}
