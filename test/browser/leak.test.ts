/** What an element must leave behind when it goes: nothing. Growth is looked for in multiples of the rounds. */
import * as tf from '@tensorflow/tfjs-core';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera, type WatchedCamera } from './camera.ts';
import { assert, createElement, equal, next, picture, sleep } from './support.ts';

const { gc } = globalThis as { gc?: () => void };
const ROUNDS = 50;
/** ms from the element's leave to the end of every track. */
const LIGHT_OUT = 100;

const live = ({ tracks }: WatchedCamera): number =>
  tracks.filter(({ readyState }) => readyState === 'live').length;

async function darkWithin(camera: WatchedCamera, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (live(camera) > 0) {
    assert(performance.now() < end, `${live(camera)} tracks live after ${ms} ms`);
    await sleep(5);
  }
}

describe('the camera’s light goes out', () => {
  let camera: WatchedCamera;
  beforeEach(() => {
    camera = watchCamera();
  });
  afterEach(() => {
    camera.restore();
    document.body.replaceChildren();
  });

  it('when the element leaves the page', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    equal(live(camera), 1, 'live tracks');
    element.remove();
    await darkWithin(camera, LIGHT_OUT);
  });

  it('when its parent is emptied, or the camera attribute goes', async () => {
    for (const leave of [
      () => (document.body.innerHTML = ''),
      () => document.querySelector('face-keypoints')!.removeAttribute('camera'),
    ]) {
      const element = createElement({ model: fakeLandmarkModel() });
      element.setAttribute('camera', '');
      const frame = next(element, 'keypoints');
      document.body.append(element);
      await frame;
      leave();
      await darkWithin(camera, LIGHT_OUT);
      document.body.replaceChildren();
    }
    equal(camera.tracks.length, 2, 'tracks');
  });

  it('when the prompt is answered after the element has left', async () => {
    const answer = camera.hold();
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    document.body.append(element);
    await element.updateComplete;
    await sleep(20);
    equal(camera.requests.length, 1, 'prompts');
    element.remove();
    answer();
    await sleep(0);
    while (camera.tracks.length === 0) await sleep(5);
    await darkWithin(camera, LIGHT_OUT);
    equal(element.state, 'idle');
  });

  it('when the element leaves while the models load', async () => {
    // A server that never answers.
    const { fetch } = window;
    window.fetch = (_, options) =>
      new Promise((_resolve, reject) =>
        options?.signal?.addEventListener('abort', () => reject(options.signal!.reason as Error)),
      );
    try {
      const element = createElement({ camera: true });
      document.body.append(element);
      while (live(camera) === 0) await sleep(5);
      equal(element.state, 'loading');
      element.remove();
      await darkWithin(camera, LIGHT_OUT);
    } finally {
      window.fetch = fetch;
    }
  });

  it('when it meets an error, and on stop()', async () => {
    const element = createElement({ model: '/no/such/model.json', camera: true });
    const failed = next(element, 'error');
    document.body.append(element);
    await failed;
    await darkWithin(camera, LIGHT_OUT);
    const frame = next(element, 'keypoints');
    element.model = fakeLandmarkModel();
    await frame;
    equal(live(camera), 1, 'live tracks');
    element.stop();
    await darkWithin(camera, LIGHT_OUT);
  });
});

/** Listeners that are on the window, the document and the browser's own lasting objects. */
function countListeners(): { count: () => number; restore: () => void } {
  const targets = new Set<EventTarget>([window, document, navigator.mediaDevices]);
  const listeners = new Set<string>();
  const ids = new WeakMap<object, number>();
  let lastId = 0;
  const keyOf = (target: EventTarget, type: string, listener: object): string => {
    for (const object of [target, listener]) if (!ids.has(object)) ids.set(object, ++lastId);
    return `${ids.get(target)} ${type} ${ids.get(listener)}`;
  };
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (listener && targets.has(this ?? window)) {
      const key = keyOf(this ?? window, type, listener);
      listeners.add(key);
      const signal = typeof options === 'object' ? options.signal : undefined;
      if (signal) addEventListener.call(signal, 'abort', () => listeners.delete(key));
    }
    return addEventListener.call(this ?? window, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (listener && targets.has(this ?? window)) listeners.delete(keyOf(this ?? window, type, listener));
    return removeEventListener.call(this ?? window, type, listener, options);
  };
  return {
    count: () => listeners.size,
    restore: () => Object.assign(EventTarget.prototype, { addEventListener, removeEventListener }),
  };
}

/**
 * Bytes in use, once the collector finds no more: what hangs on an element (buffers, the browser's side of it) goes only
 * in a later run than the element. Chromium only.
 */
async function heap(): Promise<number> {
  const used = (): number | undefined =>
    (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize;
  assert(used() && gc, 'the browser runs with --expose-gc and --enable-precise-memory-info');
  let least = Infinity;
  for (let run = 0, still = 0; run < 100 && still < 5; run++) {
    gc();
    await sleep(50);
    const now = used()!;
    still = now < least - 10_000 ? 0 : still + 1;
    least = Math.min(least, now);
  }
  return least;
}

describe(`${ROUNDS} mounts and unmounts`, () => {
  it('leave tensors, listeners, elements and heap as they were', async function () {
    this.timeout(170_000);
    const source = await picture();
    const small = await createImageBitmap(source, { resizeWidth: 160, resizeHeight: 160 });
    const model = fakeLandmarkModel();
    const elements: WeakRef<HTMLElement>[] = [];
    const round = async (): Promise<void> => {
      const element = createElement({ model, source: small });
      elements.push(new WeakRef(element));
      const frame = next(element, 'keypoints');
      document.body.append(element);
      await frame;
      element.remove();
      // The tracker closes when its last frame is done.
      await sleep(20);
    };
    const listeners = countListeners();
    try {
      // What is kept on purpose, such as the backend and compiled code, comes with the first ones.
      for (let i = 0; i < 10; i++) await round();
      await collected(elements);
      const before = {
        tensors: tf.memory().numTensors,
        bytes: tf.memory().numBytes,
        listeners: listeners.count(),
        heap: await heap(),
      };
      elements.length = 0;
      for (let i = 0; i < ROUNDS; i++) await round();
      const after = tf.memory();
      equal(after.numTensors - before.tensors, 0, 'tensors more');
      equal(after.numBytes - before.bytes, 0, 'tensor bytes more');
      equal(listeners.count() - before.listeners, 0, 'listeners more');
      await collected(elements);
      const grown = ((await heap()) - before.heap) / ROUNDS;
      console.log(`heap: ${(grown / 1000).toFixed(1)} kB a round`);
      // Of which the browser's own records of loaded files and compiled code are 4 kB; a detector that stays has 540.
      assert(grown < 50_000, `heap: ${(grown / 1000).toFixed(0)} kB more a round`);
    } finally {
      listeners.restore();
    }
  });
});

/** Runs the collector, which the browser of these tests lets us, until most of the elements are gone. */
async function collected(elements: readonly WeakRef<HTMLElement>[]): Promise<void> {
  assert(gc, 'the browser runs with --expose-gc');
  const alive = (): number => elements.filter((reference) => reference.deref()).length;
  for (let i = 0; i < 50 && (i === 0 || alive() > ROUNDS / 10); i++) {
    gc();
    await sleep(20);
  }
  console.log(`elements still in memory: ${alive()} of ${elements.length}`);
  assert(alive() <= ROUNDS / 10, `${alive()} of ${elements.length} elements are still in memory`);
}
