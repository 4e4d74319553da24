import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { Camera } from '../../sdk/src/input/camera.ts';

const original = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
let prompt: PromiseWithResolvers<MediaStream>;
let stopped = 0;

beforeEach(() => {
  prompt = withResolvers();
  stopped = 0;
  const mediaDevices = { getUserMedia: () => prompt.promise };
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices }, configurable: true });
});
after(() => {
  if (original) Object.defineProperty(globalThis, 'navigator', original);
  else Reflect.deleteProperty(globalThis, 'navigator');
});

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle!: Pick<PromiseWithResolvers<T>, 'resolve' | 'reject'>;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

const stream = { getTracks: () => [{ stop: () => stopped++ }] } as unknown as MediaStream;
const missing = Object.assign(new Error('gone'), { name: 'NotFoundError' });

test('an answer that comes after stop() turns nothing on', async () => {
  const camera = new Camera();
  const started = camera.start();
  camera.stop();
  prompt.resolve(stream);
  assert.equal(await started, undefined);
  assert.equal(stopped, 1);
});

test('a refusal that comes after stop() is nobody’s concern; before it, it is told', async () => {
  const camera = new Camera();
  const started = camera.start();
  camera.stop();
  prompt.reject(missing);
  assert.equal(await started, undefined);
  prompt = withResolvers();
  const again = camera.start();
  prompt.reject(missing);
  await assert.rejects(again, { code: 'camera-missing' });
});
