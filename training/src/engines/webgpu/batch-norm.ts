import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import type { BatchNorm, Tf } from '../engine.ts';
import * as wgsl from './batch-norm.wgsl.ts';
import { flatWorkgroups, type Programs } from './programs.ts';

/** Batch norm in training (Ioffe and Szegedy, "Batch Normalization", 2015): three programs forward, three back. */
export function fusedBatchNorm(tf: Tf, programs: Programs): BatchNorm {
  const tensorOf = (info: TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);
  return (x, gamma, beta, epsilon) => {
    const channels = x.shape[3];
    const across = Math.ceil(channels / wgsl.CHANNELS_AT_ONCE);
    const run = (name: string, code: () => string, tensors: TensorInfo[], parts = 1) =>
      programs.run(`batch norm ${name} ${channels} ${epsilon}`, code, tensors, [across, parts]);
    const runFlat = (name: string, code: () => string, tensors: TensorInfo[]) =>
      programs.run(`batch norm ${name} ${channels} ${epsilon}`, code, tensors, flatWorkgroups(x.size));
    const newParts = () => programs.output([wgsl.PARTS, 2 * channels]);
    const ofChannels = () => programs.output([channels]);

    let statistics: { mean: Tensor1D; variance: Tensor1D } | undefined;
    const normalise = tf.customGrad((...args) => {
      const [input, scale, shift, save] = args as unknown as [Tensor, Tensor, Tensor, (t: Tensor[]) => void];
      const [parts, mean, variance, y] = [newParts(), ofChannels(), ofChannels(), programs.output(x.shape)];
      run('sums', () => wgsl.sumsOfInput(channels), [input, parts], wgsl.PARTS);
      run('statistics', () => wgsl.statistics(channels), [parts, input, mean, variance]);
      runFlat('normalised', () => wgsl.normalised(channels, epsilon), [
        input,
        mean,
        variance,
        scale,
        shift,
        y,
      ]);
      programs.discard(parts);
      const [m, v] = [tensorOf(mean), tensorOf(variance)];
      statistics = { mean: tf.keep(m.clone()) as Tensor1D, variance: tf.keep(v.clone()) as Tensor1D };
      save([input, scale, m, v]);
      const gradFunc = (dy: Tensor | Tensor[], saved: Tensor[]) => gradients(dy as Tensor, saved);
      return { value: tensorOf(y), gradFunc };
    });
    const gradients = (dy: Tensor, [input, scale, mean, variance]: Tensor[]): Tensor[] => {
      const [parts, dShift, dScale, dx] = [newParts(), ofChannels(), ofChannels(), programs.output(x.shape)];
      const sums = () => wgsl.sumsOfGradient(channels, epsilon);
      run('gradient sums', sums, [input, dy, mean, variance, parts], wgsl.PARTS);
      run('parameter gradients', () => wgsl.parameterGradients(channels), [parts, dShift, dScale]);
      const known = [input, dy, mean, variance, scale, dShift, dScale, dx];
      runFlat('input gradient', () => wgsl.inputGradient(channels, epsilon), known);
      programs.discard(parts);
      return [dx, dScale, dShift].map(tensorOf);
    };
    const y = normalise(x, gamma, beta) as Tensor4D;
    if (!statistics) throw new Error('batch norm gave no statistics');
    return { y, ...statistics };
  };
}
