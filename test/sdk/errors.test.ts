import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, FaceKeypointsError } from '../../sdk/src/index.ts';
import { cameraError } from '../../sdk/src/input/camera.ts';
import { isSoftwareAdapter, isSoftwareRenderer } from '../../sdk/src/runtime/software.ts';

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
