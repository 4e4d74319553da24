/** Which landmark model a `model` option means, for each backend. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACKENDS, FaceKeypointsError, MODELS } from '../../sdk/src/index.ts';
import { chooseModels, isAddress, type ModelOption } from '../../sdk/src/runtime/model-choice.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const BUILT_IN = { resnet18: '/resnet18/model.json', lite: '/lite/model.json' };
const choose = (option: ModelOption) => chooseModels(option, BUILT_IN);
const everywhere = (source: unknown) => ({ webgpu: source, webgl: source, wasm: source });

/** As a page does. */
function inPage<T>(run: () => T): T {
  Reflect.set(globalThis, 'document', {});
  try {
    return run();
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
}

test('auto: in a browser the light model on wasm and the accurate one on a GPU, in Node the accurate one', () => {
  const { resnet18, lite } = BUILT_IN;
  assert.deepEqual(
    inPage(() => choose('auto')),
    { webgpu: resnet18, webgl: resnet18, wasm: lite },
  );
  assert.deepEqual(choose('auto'), everywhere(resnet18));
});

test('a name means its model on every backend, in a browser too', () => {
  for (const name of MODELS) {
    assert.deepEqual(choose(name), everywhere(BUILT_IN[name]));
    assert.deepEqual(
      inPage(() => choose(name)),
      everywhere(BUILT_IN[name]),
    );
  }
});

test('a model of one’s own is passed on as it is: an address, a URL, files by address, a model in memory', () => {
  const url = new URL('https://example.org/model.json');
  const files = { json: 'https://example.org/a.json', files: {} };
  for (const model of ['mine/model.json', './lite', 'lite.json', 'blob:x', url, files, fakeLandmarkModel()]) {
    for (const backend of BACKENDS) assert.equal(choose(model)[backend], model);
  }
});

test('one for each backend; what is left out is chosen by itself', () => {
  const wasm = '/mine/light.json';
  const models = { webgpu: 'resnet18', webgl: 'lite', wasm } as const;
  assert.deepEqual(choose(models), { webgpu: BUILT_IN.resnet18, webgl: BUILT_IN.lite, wasm });
  assert.deepEqual(choose({ wasm }), { webgpu: BUILT_IN.resnet18, webgl: BUILT_IN.resnet18, wasm });
  const auto = inPage(() => choose({ webgpu: 'lite', wasm: 'auto' }));
  assert.deepEqual(auto, { webgpu: BUILT_IN.lite, webgl: BUILT_IN.resnet18, wasm: BUILT_IN.lite });
});

test('one for each backend with none of them is auto', () => {
  for (const none of [{}, { wasm: undefined }]) {
    assert.deepEqual(choose(none), everywhere(BUILT_IN.resnet18));
    assert.equal(inPage(() => choose(none)).wasm, BUILT_IN.lite);
  }
});

test('a name that there is not is told of, with those that there are', () => {
  for (const model of ['lit', 'Lite', '', 'toString']) {
    for (const option of [model, { wasm: model }])
      assert.throws(
        () => choose(option),
        (error) =>
          error instanceof FaceKeypointsError &&
          error.code === 'option-invalid' &&
          error.message.includes(`"${model}"`) &&
          ['auto', ...MODELS].every((name) => error.message.includes(name)),
      );
  }
});

test('no name could be an address', () => {
  for (const name of ['auto', ...MODELS]) assert.equal(isAddress(name), false);
});
