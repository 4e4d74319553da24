import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateAssets } from '../../sdk/src/assets.ts';
import { BACKENDS, FaceKeypointsError, MODELS, type ModelFiles } from '../../sdk/src/index.ts';

const HOST = 'https://example.org';

test('one folder gives every address', () => {
  for (const assets of [`${HOST}/face`, `${HOST}/face/`, new URL(`${HOST}/face`)]) {
    const accurate = `${HOST}/face/models/resnet18/model.json`;
    assert.deepEqual(locateAssets({ assets }), {
      model: { webgpu: accurate, webgl: accurate, wasm: accurate },
      detector: `${HOST}/face/models/blazeface/model.json`,
      wasmPath: `${HOST}/face/wasm/`,
      worker: `${HOST}/face/browser/worker.js`,
    });
  }
});

test('an address of its own overrides the folder', () => {
  const model = { modelTopology: {} };
  const found = locateAssets({ assets: `${HOST}/face`, model, worker: `${HOST}/worker.js` });
  for (const backend of BACKENDS) assert.equal(found.model[backend], model);
  assert.equal(found.worker, `${HOST}/worker.js`);
  assert.equal(found.detector, `${HOST}/face/models/blazeface/model.json`);
});

test('without any the files are the package’s own', () => {
  const { worker, detector } = locateAssets();
  for (const name of MODELS) {
    const { json, files } = locateAssets({ model: name }).model.wasm as ModelFiles;
    assert.match(String(json), new RegExp(`/sdk/models/${name}/model\\.json$`));
    assert.match(String(files['weights.gz.bin']), new RegExp(`/sdk/models/${name}/weights\\.gz\\.bin$`));
  }
  assert.match(worker, /\/sdk\/browser\/worker\.js$/);
  assert.match((detector as { json: string }).json, /\/sdk\/models\/blazeface\/model\.json$/);
});

test('what is no address is refused', () => {
  const refused = (error: unknown): boolean =>
    error instanceof FaceKeypointsError && error.code === 'option-invalid';
  assert.throws(() => locateAssets({ assets: '/face' }), refused);
  assert.throws(() => locateAssets({ model: 'model.json' }), refused);
});

test('a name picks a model of the folder, and relative addresses are made whole', () => {
  const assets = `${HOST}/face`;
  assert.equal(locateAssets({ assets, model: 'lite' }).model.webgpu, `${HOST}/face/models/lite/model.json`);
  const model = new URL(`${HOST}/mine/model.json`);
  assert.equal(locateAssets({ assets, model }).model.wasm, model.href);
});
