import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import { unmirrored, type LandmarkOutput } from '../../sdk/src/landmarks/output.ts';
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
  Math.max(...a.keypoints.map((value, i) => Math.abs(value - b.keypoints[i])));

test('with the mirror image, a crop and its mirror image say the same, which is the mean of both', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const network = await LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: SIZE }));
  const [plain, ofMirror] = [await network.predict(crops, COUNT), await network.predict(flipped(), COUNT)];
  const both = await network.predictWithMirror(crops, COUNT);
  const bothOfMirror = await network.predictWithMirror(flipped(), COUNT);
  assert.equal(both.presence.length, COUNT);
  assert.ok(farthest(plain, unmirrored(ofMirror)) > 1e-3, 'one look alone tells sides apart');
  assert.ok(farthest(both, unmirrored(bothOfMirror)) < 1e-6);
  const expected = plain.keypoints.map((value, i) => (value + unmirrored(ofMirror).keypoints[i]) / 2);
  assert.ok(farthest(both, { ...plain, keypoints: expected }) < 1e-6);
  network.dispose();
});
