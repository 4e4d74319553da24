import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { FaceKeypointsError, loadModelArtifacts, type LoadProgress } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const model = fakeLandmarkModel();
const weights = Buffer.from(model.weightData as ArrayBuffer);
const manifest = (sha256: string, paths = ['weights.bin']): string =>
  JSON.stringify({
    format: 'graph-model',
    modelTopology: model.modelTopology,
    userDefinedMetadata: { ...model.userDefinedMetadata, sha256: { 'weights.bin': sha256 } },
    weightsManifest: [{ paths, weights: model.weightSpecs }],
  });
const hash = createHash('sha256').update(weights).digest('hex');
const files: Record<string, string | Buffer> = {
  '/good/model.json': manifest(hash),
  '/good/weights.bin': weights,
  '/wrong/model.json': manifest(hash),
  '/wrong/weights.bin': Buffer.from(weights).fill(0),
  '/short/model.json': manifest('').replace('"sha256":{"weights.bin":""}', '"sha256":{}'),
  '/short/weights.bin': weights.subarray(4),
  '/partial/model.json': manifest(hash),
  '/layers/model.json': JSON.stringify({ format: 'layers-model', modelTopology: {}, weightsManifest: [] }),
  '/html/model.json': '<!doctype html>',
};
const server = createServer((request, response) => {
  const file = files[request.url ?? ''];
  response.writeHead(file === undefined ? 404 : 200).end(file);
});
let base = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const rejects = (path: string, code: string): Promise<void> =>
  assert.rejects(
    loadModelArtifacts(base + path),
    (error) =>
      error instanceof FaceKeypointsError &&
      error.code === code &&
      error.message.includes(path.split('/')[1]),
  );

test('a whole model loads, with progress up to its size', async () => {
  const steps: LoadProgress[] = [];
  const artifacts = await loadModelArtifacts(`${base}/good/model.json`, {
    onProgress: (step) => steps.push(step),
  });
  assert.deepEqual(Buffer.from(artifacts.weightData as ArrayBuffer), weights);
  assert.deepEqual(artifacts.weightSpecs, model.weightSpecs);
  assert.equal(steps[0].loaded, 0);
  assert.equal(steps.at(-1)?.loaded, weights.length);
  assert.ok(steps.every(({ total }) => total === weights.length));
});

test('weights that are not the ones named are refused', () => rejects('/wrong/model.json', 'model-corrupt'));
test('weights that are cut short are refused, hash or not', () =>
  rejects('/short/model.json', 'model-corrupt'));
test('a missing weight file', () => rejects('/partial/model.json', 'model-missing'));
test('a missing model', () => rejects('/none/model.json', 'model-missing'));
test('a page in place of the model', () => rejects('/html/model.json', 'model-missing'));
test('another kind of model', () => rejects('/layers/model.json', 'model-unsupported'));

test('no server, no absolute address, an aborted load', async () => {
  const code = (expected: string) => (error: unknown) => (error as FaceKeypointsError).code === expected;
  await assert.rejects(loadModelArtifacts('http://127.0.0.1:1/model.json'), code('model-missing'));
  await assert.rejects(loadModelArtifacts('model.json'), code('option-invalid'));
  await assert.rejects(loadModelArtifacts({}), code('model-unsupported'));
  await assert.rejects(loadModelArtifacts(`${base}/good/model.json`, { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
});
