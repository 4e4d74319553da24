import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateAssets } from '../../sdk/src/assets.ts';
import { FaceKeypointsError } from '../../sdk/src/index.ts';

const HOST = 'https://example.org';

test('one folder gives every address', () => {
  for (const assets of [`${HOST}/face`, `${HOST}/face/`, new URL(`${HOST}/face`)]) {
    assert.deepEqual(locateAssets({ assets }), {
      model: `${HOST}/face/models/resnet18/model.json`,
      detector: `${HOST}/face/models/blazeface/model.json`,
      wasmPath: `${HOST}/face/wasm/`,
      worker: `${HOST}/face/browser/worker.js`,
    });
  }
});

test('an address of its own overrides the folder', () => {
  const model = { modelTopology: {} };
  const found = locateAssets({ assets: `${HOST}/face`, model, worker: `${HOST}/worker.js` });
  assert.equal(found.model, model);
  assert.equal(found.worker, `${HOST}/worker.js`);
  assert.equal(found.detector, `${HOST}/face/models/blazeface/model.json`);
});

test('without any the files are the package’s own', () => {
  const { worker, detector } = locateAssets();
  assert.match(worker, /\/sdk\/browser\/worker\.js$/);
  assert.match((detector as { json: string }).json, /\/sdk\/models\/blazeface\/model\.json$/);
});

test('what is no address is refused', () => {
  const refused = (error: unknown): boolean =>
    error instanceof FaceKeypointsError && error.code === 'option-invalid';
  assert.throws(() => locateAssets({ assets: '/face' }), refused);
  assert.throws(() => locateAssets({ model: 'model.json' }), refused);
});
