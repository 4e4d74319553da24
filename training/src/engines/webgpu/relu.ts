import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine.ts';
import { buffers, flatProgram, flatWorkgroups, type Programs } from './programs.ts';

const GRADIENT = flatProgram(
  buffers({ dy: 'f32', y: 'f32', dx: 'f32' }, 'dx'),
  'arrayLength(&dx)',
  'dx[i] = select(0, dy[i], y[i] > 0);',
);

/** ReLU whose gradient is one program, where tfjs composes three. */
export function fusedRelu(tf: Tf, programs: Programs): (x: Tensor) => Tensor {
  const relu = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const value = input.relu();
    save([value]);
    return {
      value,
      gradFunc: (dy: Tensor | Tensor[], [y]: Tensor[]) => {
        const dx = programs.output(y.shape);
        programs.run('relu gradient', () => GRADIENT, [dy as Tensor, y, dx], flatWorkgroups(y.size));
        return tf.engine().makeTensorFromTensorInfo(dx);
      },
    };
  });
  return (x) => relu(x);
}
