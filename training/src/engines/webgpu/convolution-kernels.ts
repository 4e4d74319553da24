import type { backend_util, KernelConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../engine.ts';
import * as convolution from './convolution.ts';
import { flatWorkgroups, type Programs } from './programs.ts';

type Conv2DInfo = backend_util.Conv2DInfo;
type Pair = number | [number, number];

/**
 * Puts our convolutions in place of tfjs-webgpu's, whose kernel gradient has one thread for each weight that reads the
 * whole batch. Those that ours do not do are left to tfjs.
 */
export function replaceConvolutions(tf: Tf, programs: Programs): void {
  const infoOf = (xShape: number[], kernelShape: number[], attrs: NamedAttrMap): Conv2DInfo =>
    tf.backend_util.computeConv2DInfo(
      xShape as [number, number, number, number],
      kernelShape as [number, number, number, number],
      attrs.strides as Pair,
      (attrs.dilations as Pair | undefined) ?? 1,
      attrs.pad as 'same',
      attrs.dimRoundingMode as 'floor' | undefined,
      false,
      attrs.dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
    );
  const run = ({ key, code, workgroups }: convolution.Planned, tensors: TensorInfo[]) =>
    programs.run(key, code, tensors, workgroups);

  replace(tf, 'Conv2D', ({ x, filter }, attrs) => {
    const info = infoOf(x.shape, filter.shape, attrs);
    if (!convolution.isPlain(info)) return undefined;
    const y = programs.output(info.outShape);
    run(convolution.forward(info), [x, filter, y]);
    return y;
  });

  replace(tf, 'Conv2DBackpropInput', ({ dy, filter }, attrs) => {
    const info = infoOf(attrs.inputShape as number[], filter.shape, attrs);
    if (!convolution.isPlain(info) || !convolution.hasPlainInput(info)) return undefined;
    const dx = programs.output(info.inShape);
    run(convolution.inputGradient(info), [dy, filter, dx]);
    return dx;
  });

  replace(tf, 'Conv2DBackpropFilter', ({ x, dy }, attrs) => {
    const info = infoOf(x.shape, attrs.filterShape as number[], attrs);
    if (!convolution.isPlain(info)) return undefined;
    const planned = convolution.kernelGradient(info);
    const sums = programs.output([planned.slices, ...info.filterShape]);
    run(planned, [x, dy, sums]);
    if (planned.slices === 1) return { ...sums, shape: [...info.filterShape] };
    const sum = programs.output(info.filterShape);
    const size = info.filterShape.reduce((product, side) => product * side, 1);
    programs.run('sum of slices', () => convolution.SUM_OF_SLICES, [sums, sum], flatWorkgroups(size / 4));
    programs.discard(sums);
    return sum;
  });
}

/** @param compute undefined: not a case of ours */
function replace(
  tf: Tf,
  kernelName: string,
  compute: (inputs: Record<string, Tensor>, attrs: NamedAttrMap) => TensorInfo | undefined,
): void {
  const backendName = 'webgpu';
  const theirs: KernelConfig = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...theirs,
    kernelFunc: (params) =>
      compute(params.inputs as unknown as Record<string, Tensor>, params.attrs ?? {}) ??
      theirs.kernelFunc(params),
  });
}
