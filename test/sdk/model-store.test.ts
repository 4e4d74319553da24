import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  FaceKeypointsError,
  loadModelArtifacts,
  modelFromFiles,
  type LoadProgress,
} from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const model = fakeLandmarkModel();
const weights = Buffer.from(model.weightData as ArrayBuffer);
const manifest = (sha256: string, paths = ['weights.bin'], gzip?: Record<string, string>): string =>
  JSON.stringify({
    format: 'graph-model',
    modelTopology: model.modelTopology,
    userDefinedMetadata: { ...model.userDefinedMetadata, sha256: { 'weights.bin': sha256 }, gzip },
    weightsManifest: [{ paths, weights: model.weightSpecs }],
  });
const hash = createHash('sha256').update(weights).digest('hex');
const TWIN = { 'weights.bin': 'weights.gz.bin' };
const packed = gzipSync(weights);
const files: Record<string, string | Buffer> = {
  '/packed/model.json': manifest(hash, undefined, TWIN),
  '/packed/weights.gz.bin': packed,
  '/unpacked-by-server/model.json': manifest(hash, undefined, TWIN),
  '/unpacked-by-server/weights.gz.bin': weights,
  '/twin-not-deployed/model.json': manifest(hash, undefined, TWIN),
  '/twin-not-deployed/weights.bin': weights,
  '/twin-cut/model.json': manifest(hash, undefined, TWIN),
  '/twin-cut/weights.gz.bin': packed.subarray(0, packed.length - 20),
  '/twin-cut/weights.bin': weights,
  '/twin-of-another/model.json': manifest(hash, undefined, TWIN),
  '/twin-of-another/weights.gz.bin': gzipSync(Buffer.from(weights).fill(0)),
  '/renamed/model-a1.json': manifest(hash, undefined, TWIN),
  '/renamed/weights-b2.bin': packed,
  '/good/model.json': manifest(hash),
  '/good/weights.bin': weights,
  '/good/model.json?v=2': manifest(hash),
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
  if (file === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-length': Buffer.byteLength(file) }).end(file);
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
  assert.deepEqual([steps[0].loaded, steps[0].total], [0, 0], 'how much there is model.json tells');
  assert.equal(steps.at(-1)?.loaded, weights.length);
  assert.ok(steps.slice(1).every(({ total }) => total === weights.length));
});

test('the address of a folder means the model.json in it; a query goes along', async () => {
  for (const address of ['/good', '/good/', '/good?v=2', '/good/?v=2', '/good/model.json?v=2', '/good#a']) {
    for (const source of [base + address, new URL(base + address)]) {
      const { weightData } = await loadModelArtifacts(source);
      assert.deepEqual(Buffer.from(weightData as ArrayBuffer), weights, address);
    }
  }
  await rejects('/none', 'model-missing');
});

test('the address of a folder of files, and one that holds the model itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'a folder '));
  try {
    await writeFile(join(folder, 'model.json'), manifest(hash));
    await writeFile(join(folder, 'weights.bin'), weights);
    const { weightData } = await loadModelArtifacts(pathToFileURL(folder));
    assert.deepEqual(Buffer.from(weightData as ArrayBuffer), weights);
  } finally {
    await rm(folder, { recursive: true });
  }
  await assert.rejects(loadModelArtifacts('data:application/json,{"format":"layers-model"}'), {
    code: 'model-unsupported',
  });
});

for (const folder of ['packed', 'unpacked-by-server', 'twin-not-deployed']) {
  test(`a gzip twin of the weights: ${folder}`, async () => {
    const steps: LoadProgress[] = [];
    const onProgress = (step: LoadProgress): void => void steps.push(step);
    const { weightData } = await loadModelArtifacts(`${base}/${folder}/model.json`, { onProgress });
    assert.deepEqual(Buffer.from(weightData as ArrayBuffer), weights);
    const { loaded, total } = steps.at(-1)!;
    assert.equal(loaded, total);
    assert.equal(total, folder === 'packed' ? packed.length : weights.length, 'bytes as they travel');
  });
}
test('a gzip twin that is cut short is refused', () => rejects('/twin-cut/model.json', 'model-corrupt'));
test('a gzip twin of other weights is refused', () =>
  rejects('/twin-of-another/model.json', 'model-corrupt'));

test('files that a build has renamed are given one by one', async () => {
  const json = `${base}/renamed/model-a1.json`;
  const source = { json, files: { 'weights.gz.bin': `${base}/renamed/weights-b2.bin` } };
  const { weightData } = await loadModelArtifacts(source);
  assert.deepEqual(Buffer.from(weightData as ArrayBuffer), weights);
  const gone = { json, files: { 'weights.gz.bin': `${base}/renamed/none.bin` } };
  await assert.rejects(loadModelArtifacts(gone), /none\.bin/);
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

const file = (name: string, content: string | Buffer): File =>
  new File([new Uint8Array(Buffer.from(content))], name);

test('dropped files make the same model as fetched ones, packed or not, beside files that do not belong', async () => {
  const json = file('model.json', manifest(hash, undefined, TWIN));
  const fetched = await loadModelArtifacts(`${base}/packed/model.json`);
  for (const dropped of [file('weights.bin', weights), file('weights.gz.bin', packed)]) {
    const artifacts = await modelFromFiles([file('card.md', '# Card'), dropped, json]);
    assert.deepEqual(artifacts, fetched);
  }
});

test('dropped files that are not a model are refused, each with its reason', async () => {
  const code = (expected: string) => (error: unknown) => (error as FaceKeypointsError).code === expected;
  const json = file('model.json', manifest(hash));
  const wrong = file('weights.bin', Buffer.from(weights).fill(0));
  const short = file('weights.bin', weights.subarray(4));
  await assert.rejects(modelFromFiles([]), code('model-missing'));
  await assert.rejects(modelFromFiles([json]), /weights\.bin/);
  await assert.rejects(modelFromFiles([json, wrong]), code('model-corrupt'));
  await assert.rejects(modelFromFiles([file('model.json', manifest('')), short]), code('model-corrupt'));
  await assert.rejects(
    modelFromFiles([file('model.json', '{"format":"layers-model"}'), wrong]),
    code('model-unsupported'),
  );
  // What is said of files is about files: nothing has been deployed.
  await assert.rejects(
    modelFromFiles([file('notes.json', 'no JSON'), wrong]),
    (error) =>
      code('model-corrupt')(error) &&
      /notes\.json.*Choose/.test((error as Error).message) &&
      !/deploy/i.test((error as Error).message),
  );
  await assert.rejects(modelFromFiles([file('model.json', manifest('')), short]), (error: Error) =>
    /one export/.test(error.message),
  );
});

test('a manifest in another form is refused, not stumbled over', async () => {
  const graph = { format: 'graph-model', modelTopology: {} };
  for (const weightsManifest of [
    [{}],
    [null],
    [{ paths: 'weights.bin', weights: [] }],
    [{ paths: [1], weights: [] }],
    [{ paths: ['weights.bin'], weights: [{ name: 'a', dtype: 'float32' }] }],
    [{ paths: ['weights.bin'], weights: [null] }],
  ]) {
    const json = file('model.json', JSON.stringify({ ...graph, weightsManifest }));
    await assert.rejects(
      modelFromFiles([json, file('weights.bin', weights)]),
      (error) => error instanceof FaceKeypointsError && error.code === 'model-unsupported',
      JSON.stringify(weightsManifest),
    );
  }
});
