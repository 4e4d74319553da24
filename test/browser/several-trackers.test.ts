/** Several trackers on one page share tfjs, which has one backend at a time. */
import { FaceTracker, type BackendName, type Face } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, picture, WASM } from './support.ts';

const create = (backend: BackendName): Promise<FaceTracker> =>
  FaceTracker.create({ backend, model: fakeLandmarkModel(), detector: DETECTOR, wasmPath: WASM });

function same(faces: readonly Face[], expected: readonly Face[], what: string): void {
  equal(faces.length, expected.length, `${what}: faces`);
  const worst = Math.max(
    ...faces[0]!.keypoints.map((value, k) => Math.abs(value - expected[0]!.keypoints[k]!)),
  );
  assert(worst < 0.01, `${what}: ${worst} px from what it finds alone`);
}

describe('trackers on different backends', () => {
  it('one works while another starts, then both do', async function () {
    this.timeout(170_000);
    const image = await createImageBitmap(await picture());
    const webgpu = await create('webgpu');
    const alone = await webgpu.detect(image);
    equal(alone.length, 1, 'faces');
    let started: FaceTracker | undefined;
    const starting = create('wasm').then((tracker) => (started = tracker));
    // Backends start once a page, so that this comes but once.
    do same(await webgpu.detect(image), alone, 'webgpu, while wasm starts');
    while (!started);
    const wasm = await starting;
    const expected = await wasm.detect(image);
    const together = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? wasm : webgpu).detect(image)),
    );
    together.forEach((faces, i) => same(faces, i % 2 ? expected : alone, i % 2 ? 'wasm' : 'webgpu'));
    await Promise.all([webgpu.close(), wasm.close()]);
  });
});
