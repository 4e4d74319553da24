import type { Tensor4D } from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Engine, Tf } from './engine.ts';
import { registerEnlargementGradient } from './enlargement.ts';
import { EngineUnavailable } from './unavailable.ts';

/**
 * WebAssembly: runs everywhere, one thread.
 * @throws EngineUnavailable when the binary does not start
 */
export async function startWasm(): Promise<Engine> {
  const tf: Tf = await import('@tensorflow/tfjs');
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(
    dirname(
      createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
    ) + sep,
  );
  if (!(await tf.setBackend('wasm')))
    throw new EngineUnavailable('the wasm backend of tfjs does not start in this Node');
  await tf.ready();
  addMissingKernels(tf);
  return { name: 'wasm', tf, description: `tfjs wasm ${version_wasm}`, [Symbol.dispose]: () => {} };
}

/** Kernels that training needs and the backend lacks, composed of those that it has. */
function addMissingKernels(tf: Tf): void {
  if (!tf.getKernel('Conv2DBackpropFilter', 'wasm')) {
    tf.registerKernel({
      kernelName: 'Conv2DBackpropFilter',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const { x, dy } = inputs as Record<'x' | 'dy', Tensor4D>;
        const { strides, pad, filterShape } = attrs as unknown as ConvAttributes;
        return tf.tidy(() => filterGradient(tf, x, dy, strides, pad, filterShape));
      },
    });
  }
  registerEnlargementGradient(tf, 'wasm');
}

interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly filterShape: [number, number, number, number];
}

/**
 * Gradient of a convolution's kernel as one convolution: input channels play the batch, the batch plays the channels, the
 * output's gradient is the filter, and the stride becomes its dilation.
 */
function filterGradient(
  tf: Tf,
  x: Tensor4D,
  dy: Tensor4D,
  strides: number | [number, number],
  pad: 'same' | 'valid' | number,
  filterShape: [number, number, number, number],
): Tensor4D {
  const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const [strideHeight, strideWidth] = typeof strides === 'number' ? [strides, strides] : strides;
  const [kernelHeight, kernelWidth] = filterShape;
  // Padding behind, such that the product has the kernel's size; less than none means that some rows were never seen.
  const behind = (kernel: number, out: number, stride: number, size: number, before: number) =>
    Math.max(0, kernel + (out - 1) * stride - size - before);
  const bottom = behind(kernelHeight, dy.shape[1], strideHeight, x.shape[1], padInfo.top);
  const right = behind(kernelWidth, dy.shape[2], strideWidth, x.shape[2], padInfo.left);
  const input = x.transpose([3, 1, 2, 0]).pad([
    [0, 0],
    [padInfo.top, bottom],
    [padInfo.left, right],
    [0, 0],
  ]) as Tensor4D;
  const filter = dy.transpose([1, 2, 0, 3]) as Tensor4D;
  const product = tf.conv2d(input, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
  return product.slice([0, 0, 0, 0], [-1, kernelHeight, kernelWidth, -1]).transpose([1, 2, 0, 3]) as Tensor4D;
}
