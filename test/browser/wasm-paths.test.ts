/** A page of its own: tfjs starts wasm once, and what a failed start leaves behind stays as long as the page. */
import { FaceKeypointsError, FaceTracker } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, picture, WASM } from './support.ts';

const options = { backend: 'wasm', model: fakeLandmarkModel(), detector: DETECTOR } as const;

const wrongFiles = {
  'tfjs-backend-wasm.wasm': '/no/such/a.wasm',
  'tfjs-backend-wasm-simd.wasm': '/no/such/b.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm': '/no/such/c.wasm',
};

describe('the addresses of the wasm files', () => {
  it('may be wrong at first, as a folder or one by one', async () => {
    for (const wasmPath of [
      '/no/such/folder',
      wrongFiles,
      { ...wrongFiles, 'tfjs-backend-wasm-simd.wasm': '' },
      '/no/such/folder/',
    ]) {
      const error: unknown = await FaceTracker.create({ ...options, wasmPath }).catch(
        (reason: unknown) => reason,
      );
      assert(error instanceof FaceKeypointsError, String(error));
      equal(error.code, 'backend-unavailable');
      assert(!/already initialized/.test(error.message), error.message);
    }
    const tracker = await FaceTracker.create({ ...options, wasmPath: WASM });
    equal((await tracker.detect(await picture())).length, 1, 'faces');
    await tracker.close();
  });
});
