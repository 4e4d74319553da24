import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InitialLayers } from './parameters.ts';

/** Files of it as torchvision names its layers: `bn1`, `downsample.1`, and what any has beside weight and bias. */
const BATCH_NORM = /(^|\.)bn\d*\.|\.downsample\.1\.|\.(running_mean|running_var|num_batches_tracked)\.npy$/;

/**
 * ResNet weights of PyTorch with batch norm folded, one float32 `.npy` a tensor, named as in torchvision
 * (`layer1.0.conv1.weight.npy`). Kernels OIHW become HWIO; the first layer's colours are summed to grey.
 * The classifier is left out.
 * @throws Error when they are not such weights, or hold batch norm of their own
 */
export async function readTorchWeights(folder: string): Promise<InitialLayers> {
  const layers: InitialLayers = new Map();
  const files = await readdir(folder).catch(() => {
    throw new Error(`${folder} is neither a folder of .npy weights nor an exported model (model.json)`);
  });
  const norm = files.find((file) => BATCH_NORM.test(file));
  if (norm) {
    throw new Error(
      `${folder} holds batch norm (${norm}), which is to be folded into the convolutions first: weight * gamma / sqrt(running_var + 1e-5), bias beta - running_mean * gamma / sqrt(running_var + 1e-5)`,
    );
  }
  for (const file of files) {
    const match = /^(.*)\.(weight|bias)\.npy$/.exec(file);
    if (!match || match[1] === 'fc') continue;
    const [, layer, kind] = match;
    const { shape, values } = parseNpy(await readFile(join(folder, file)), file);
    if (kind === 'weight' && shape.length !== 2 && shape.length !== 4)
      throw new Error(
        `${file} has the shape ${shape.join('x')}; a convolution has four sides, a linear layer two`,
      );
    const entry = layers.get(layer) ?? {};
    layers.set(layer, {
      ...entry,
      ...(kind === 'bias' ? { bias: values } : toHwio(values, shape, layer === 'conv1')),
    });
  }
  if (layers.size === 0)
    throw new Error(`${folder} holds no weights: expected files such as layer1.0.conv1.weight.npy`);
  return layers;
}

/** NumPy's `.npy` format 1 and 2: float32, C order. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function parseNpy(bytes: Buffer, name = 'array'): { shape: number[]; values: Float32Array } {
  if (bytes.toString('latin1', 1, 6) !== 'NUMPY') throw new Error(`${name} is not a .npy file`);
  const long = bytes[6] > 1;
  const length = long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = long ? 12 : 10;
  const header = bytes.toString('latin1', start, start + length);
  if (!header.includes("'<f4'") || header.includes("'fortran_order': True")) {
    throw new Error(`${name} should hold little-endian float32 in C order; its header says ${header.trim()}`);
  }
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .map(Number)
    .filter((side) => side > 0);
  return { shape, values: new Float32Array(new Uint8Array(bytes.subarray(start + length)).buffer) };
}

/** Of a dense layer, OI, to IO. */
function toHwio(
  values: Float32Array,
  shape: number[],
  sumInputs: boolean,
): { readonly kernel: Float32Array; readonly shape: number[] } {
  const [outputs, inputs, height = 1, width = 1] = shape;
  const kept = sumInputs ? 1 : inputs;
  const out = new Float32Array(height * width * kept * outputs);
  let i = 0;
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      for (let at = 0; at < height * width; at++) {
        out[(at * kept + (sumInputs ? 0 : c)) * outputs + o] += values[i++];
      }
    }
  }
  const sides = shape.length === 2 ? [] : [height, width];
  return { kernel: out, shape: [...sides, kept, outputs] };
}
