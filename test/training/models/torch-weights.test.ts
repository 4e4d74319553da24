import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTorchWeights } from '../../../training/src/models/torch-weights.ts';

/** NumPy's format 1, counting from 0. */
function npy(...shape: number[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  const count = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: count }, (_, i) => i);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer)]);
}

async function folderOf(files: Readonly<Record<string, readonly number[]>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'torch-'));
  after(() => rm(folder, { recursive: true }));
  for (const [name, shape] of Object.entries(files)) await writeFile(join(folder, name), npy(...shape));
  return folder;
}

test('kernels OIHW become HWIO, linear ones IO; the first layer is summed to grey', async () => {
  const layers = await readTorchWeights(
    await folderOf({
      'conv1.weight.npy': [1, 3, 1, 2],
      'conv1.bias.npy': [1],
      'keypoints.weight.npy': [2, 3],
      'fc.weight.npy': [5, 3],
    }),
  );
  assert.deepEqual(
    [...layers].sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['conv1', { bias: Float32Array.of(0), kernel: Float32Array.of(6, 9), shape: [1, 2, 1, 1] }],
      ['keypoints', { kernel: Float32Array.of(0, 3, 1, 4, 2, 5), shape: [3, 2] }],
    ],
  );
});

test('batch norm that is not folded is refused: without it the layers would be others', async () => {
  for (const name of ['bn1.weight', 'layer1.0.bn2.bias', 'layer2.0.downsample.1.weight', 'norm.running_mean'])
    await assert.rejects(
      readTorchWeights(await folderOf({ 'conv1.weight.npy': [1, 3, 1, 2], [`${name}.npy`]: [4] })),
      /holds batch norm .*to be folded into the convolutions first/,
      name,
    );
  const odd = await folderOf({ 'norm.weight.npy': [4] });
  await assert.rejects(readTorchWeights(odd), /norm\.weight\.npy has the shape 4;/);
});
