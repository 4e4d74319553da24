import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import { meanOutput, unmirrored, type LandmarkOutput } from '../../sdk/src/landmarks/output.ts';
import { createRuntime } from '../../sdk/src/runtime/runtime.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const SIZE = 16;
const COUNT = 2;

/** Noise, as the made-up network knows no faces either. */
const crops = Float32Array.from({ length: COUNT * SIZE * SIZE }, (_, i) => Math.sin(i * i));

function flipped(): Float32Array {
  const copy = crops.slice();
  for (let row = 0; row < copy.length; row += SIZE) copy.subarray(row, row + SIZE).reverse();
  return copy;
}

const farthest = (a: LandmarkOutput, b: LandmarkOutput): number =>
  Math.max(...(['keypoints', 'spread', 'presence'] as const).map((name) => difference(a[name], b[name])));

const difference = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

test('with the mirror image, a crop and its mirror image say the same, which is the mean of both', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const network = await LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: SIZE }));
  const [plain, ofMirror] = [await network.predict(crops, COUNT), await network.predict(flipped(), COUNT)];
  const both = await network.predictWithMirror(crops, COUNT);
  const bothOfMirror = await network.predictWithMirror(flipped(), COUNT);
  assert.equal(both.presence.length, COUNT);
  const other = unmirrored(ofMirror);
  for (const name of ['keypoints', 'spread'] as const)
    assert.ok(difference(plain[name], other[name]) > 1e-3, `one look alone tells sides apart: ${name}`);
  assert.ok(farthest(both, unmirrored(bothOfMirror)) < 1e-6);
  assert.ok(farthest(both, meanOutput(plain, other)) < 1e-6);

  const model = fakeLandmarkModel({ size: SIZE });
  const userDefinedMetadata = { ...model.userDefinedMetadata, markupShift: 0.02 } as unknown as object;
  const shifted = await LandmarkNetwork.load(runtime, { ...model, userDefinedMetadata } as typeof model);
  const { keypoints } = await shifted.predictWithMirror(crops, COUNT);
  keypoints.forEach((value, i) => {
    const expected = both.keypoints[i] + (i % 2 === 0 ? 0.02 : 0);
    assert.ok(Math.abs(value - expected) < 1e-6, 'the shift of the markup stays');
  });
  shifted.dispose();
  for (const markupShift of ['0.02', NaN, 3]) {
    const odd = { ...model, userDefinedMetadata: { ...userDefinedMetadata, markupShift } } as typeof model;
    await assert.rejects(LandmarkNetwork.load(runtime, odd), { code: 'model-unsupported' });
  }
  network.dispose();
});
