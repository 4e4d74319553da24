import type { Tensor } from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { GradientLayers } from '../../../training/src/models/gradient-layers.ts';
import { resnetTrunk } from '../../../training/src/models/resnet.ts';

const SHAPE = {
  stem: { filters: 4, kernel: 5 },
  stages: [
    { filters: 4, blocks: 1 },
    { filters: 6, blocks: 2 },
    { filters: 8, blocks: 1 },
  ],
};

test('stages have maps of 1/4, 1/8, 1/16 of the crop, and layers named as in torchvision', async () => {
  const engine = await startWasm();
  const layers = new GradientLayers(engine, 'build', new Map(), { seed: 1, layers: new Map() });
  const shapes = engine.tf.tidy(() =>
    resnetTrunk<Tensor>(layers, engine.tf.ones([2, 64, 64, 1]), SHAPE).map(({ shape }) => shape),
  );
  const parameterShapes = new Map([...layers.built].map(([name, { tensor }]) => [name, tensor.shape]));
  for (const { tensor } of layers.built.values()) tensor.dispose();
  assert.deepEqual(shapes, [
    [2, 16, 16, 4],
    [2, 8, 8, 6],
    [2, 4, 4, 8],
  ]);
  const kernels = [...parameterShapes.keys()].filter((name) => name.endsWith('/kernel'));
  assert.deepEqual(
    kernels.map((name) => name.replace('/kernel', '')).sort(),
    [
      'conv1',
      ...['layer1.0.conv1', 'layer1.0.conv2'],
      ...['layer2.0.conv1', 'layer2.0.conv2', 'layer2.0.downsample.0', 'layer2.1.conv1', 'layer2.1.conv2'],
      ...['layer3.0.conv1', 'layer3.0.conv2', 'layer3.0.downsample.0'],
    ].sort(),
  );
  assert.deepEqual(parameterShapes.get('conv1/kernel'), [5, 5, 1, 4]);
  assert.deepEqual(parameterShapes.get('layer2.0.downsample.0/kernel'), [1, 1, 4, 6]);
});
