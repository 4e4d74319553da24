import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { kernelShapes } from '../../../training/src/models/layer-shapes.ts';
import { networkNamed } from '../../../training/src/models/networks.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';

for (const [name, width, height] of [
  ['lite', 64, 64],
  ['nose', 80, 60],
  ['resnet18-linear', 33, 33],
] as const) {
  test(`${name}: kernels have the shapes that it is built with`, async () => {
    const network = networkNamed(name);
    const initial = { seed: 1, layers: new Map() };
    const inputs = new Float32Array(width * height);
    const { parameters } = await buildState(await startWasm(), network, inputs, { width, height }, initial);
    const built = [...parameters].filter(([parameter]) => parameter.endsWith('/kernel'));
    assert.deepEqual(
      [...kernelShapes(network, { width, height })].sort(),
      built.map(([parameter, { shape }]) => [parameter.slice(0, -'/kernel'.length), shape]).sort(),
    );
  });
}
