/** How a video is looked at before it is opened, on browsers that do not load one until it plays, or never answer. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { browserChecks } from '../../app/src/inputs/check.ts';

class Video extends EventTarget {
  muted = false;
  playsInline = false;
  src = '';
  videoWidth = 0;
  listeners = 0;
  playing = false;
  /** What it says once it is to play. */
  answer: (() => void) | undefined;
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args);
    this.listeners++;
    (args[2] as AddEventListenerOptions | undefined)?.signal?.addEventListener(
      'abort',
      () => this.listeners--,
    );
  }
  async play(): Promise<void> {
    assert.ok(this.muted && this.playsInline, 'only such a video may play by itself, and within the page');
    this.playing = true;
    queueMicrotask(() => this.answer?.());
    throw new DOMException('as where data is saved', 'NotAllowedError');
  }
  pause(): void {
    this.playing = false;
  }
  removeAttribute(): void {
    this.src = '';
  }
  load(): void {}
}

describe('a video that is looked at', () => {
  let video: Video;
  const urls = new Set<string>();
  const shows = () =>
    browserChecks(() => 'auto').shows(new File([''], 'a.mp4', { type: 'video/mp4' }), 'pictures and videos');

  beforeEach(() => {
    video = new Video();
    Reflect.set(globalThis, 'document', { createElement: () => video });
    mock.method(URL, 'createObjectURL', () => {
      urls.add('blob:video');
      return 'blob:video';
    });
    mock.method(URL, 'revokeObjectURL', (url: string) => urls.delete(url));
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
    Reflect.deleteProperty(globalThis, 'document');
  });

  function isLeft(): void {
    assert.deepEqual([urls.size, video.listeners, video.src, video.playing], [0, 0, '', false]);
  }

  for (const [name, width, type, expected] of [
    ['has a picture', 320, 'loadeddata', true],
    ['is sound alone', 0, 'loadeddata', false],
    ['does not play', 0, 'error', false],
  ] as const) {
    it(`${name}, as it says once it is to play`, async () => {
      video.answer = () => {
        video.videoWidth = width;
        video.dispatchEvent(new Event(type));
      };
      assert.equal(await shows(), expected);
      isLeft();
    });
  }

  it('is left to the element if it does not answer for five seconds', async () => {
    let answer: boolean | undefined;
    const answered = shows().then((shown) => (answer = shown));
    mock.timers.tick(4999);
    await Promise.resolve();
    assert.equal(answer, undefined);
    assert.equal(urls.size, 1);
    mock.timers.tick(1);
    await answered;
    assert.equal(answer, true);
    isLeft();
  });
});
