import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlazeFace } from '../../sdk/src/detector/blazeface.ts';
import { toFaceKeypointsError } from '../../sdk/src/errors.ts';
import { ERROR_CODES, FaceKeypointsError } from '../../sdk/src/index.ts';
import { cameraError } from '../../sdk/src/input/camera.ts';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import { loadGraph } from '../../sdk/src/runtime/graph.ts';
import { createRuntime } from '../../sdk/src/runtime/runtime.ts';
import { isSoftwareAdapter, isSoftwareRenderer } from '../../sdk/src/runtime/software.ts';
import { receiveError, sendError } from '../../sdk/src/worker/protocol.ts';
import { fakeLandmarkModel } from './fake-model.ts';

test('an error carries code, message and cause', () => {
  const cause = new Error('why');
  const error = new FaceKeypointsError('model-missing', 'Do this.', { cause });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.message, error.cause],
    ['FaceKeypointsError', 'model-missing', 'Do this.', cause],
  );
  assert.ok(ERROR_CODES.includes(error.code));
});

test('what getUserMedia throws becomes a code', () => {
  const codes = {
    NotAllowedError: 'camera-denied',
    NotFoundError: 'camera-missing',
    OverconstrainedError: 'camera-missing',
    NotReadableError: 'camera-busy',
    AbortError: 'camera-busy',
  };
  for (const [name, code] of Object.entries(codes)) {
    const cause = new DOMException('', name);
    const error = cameraError(cause);
    assert.equal(error.code, code, name);
    assert.equal(error.cause, cause);
  }
  assert.equal(cameraError('odd').code, 'camera-busy');
});

test('adapters without a GPU are known by name or flag', () => {
  assert.ok(isSoftwareAdapter({ info: { vendor: 'google', architecture: 'swiftshader', description: '' } }));
  assert.ok(isSoftwareAdapter({ info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15)' } }));
  assert.ok(isSoftwareAdapter({ isFallbackAdapter: true }));
  assert.ok(!isSoftwareAdapter({ info: { vendor: 'nvidia', architecture: 'ampere' } }));
  assert.ok(!isSoftwareAdapter({}));
  assert.ok(isSoftwareRenderer('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))'));
  assert.ok(!isSoftwareRenderer('Apple GPU'));
});

test('errors of ours pass, others become `unexpected` with a remedy', () => {
  const ours = new FaceKeypointsError('model-missing', 'Do this.');
  assert.equal(toFaceKeypointsError(ours, 'Loading', 'Try again.'), ours);
  const cause = new TypeError('x is undefined');
  const error = toFaceKeypointsError(cause, 'Loading', 'Try again.');
  assert.deepEqual(
    [error.code, error.message, error.cause],
    ['unexpected', 'Loading failed (x is undefined). Try again.', cause],
  );
});

test('errors keep code, message and the cause’s text on their way out of a worker', () => {
  const error = new FaceKeypointsError('model-corrupt', 'Load it again.', { cause: new Error('hash') });
  const received = receiveError(structuredClone(sendError(error)));
  assert.ok(received instanceof FaceKeypointsError);
  assert.deepEqual([received.code, received.message], ['model-corrupt', 'Load it again.']);
  assert.match(String(received.cause), /hash/);
  assert.equal(receiveError(sendError(new RangeError('too deep'))).code, 'unexpected');
});

test('what tfjs throws has a code', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const code = (expected: string) => (error: unknown) =>
    error instanceof FaceKeypointsError && error.code === expected && error.cause instanceof Error;
  const graph = (op: string): object => ({ node: [{ name: 'a', op, attr: {} }] });
  const broken = { modelTopology: graph('NoSuchOp'), weightSpecs: [], weightData: new ArrayBuffer(0) };
  await assert.rejects(loadGraph(runtime, broken), code('model-unsupported'));
  await assert.rejects(BlazeFace.load(runtime, broken), code('model-unsupported'));
  const network = await LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: 16 }));
  const wrongSize = new Float32Array(5);
  await assert.rejects(network.predict(wrongSize, 1), code('unexpected'));
  network.dispose();
});
