import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera, type WatchedCamera } from './camera.ts';
import { assert, createElement, equal, next, picture, sleep, until } from './support.ts';

describe('<face-keypoints> in a page that changes', () => {
  let camera: WatchedCamera;
  beforeEach(() => {
    camera = watchCamera();
  });
  afterEach(() => {
    camera.restore();
    document.body.replaceChildren();
  });

  it('a move within the page costs neither camera nor models', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    let frames = 0;
    element.addEventListener('keypoints', () => void frames++);
    document.body.append(element);
    await until(() => frames > 0, 'frames');
    const { tracker } = element;
    const states: string[] = [];
    element.addEventListener('statechange', ({ detail }) => states.push(detail.state));
    document.body.appendChild(document.createElement('section')).append(element);
    await sleep(50);
    const before = frames;
    await until(() => frames > before + 1, 'frames after the move');
    equal(element.tracker, tracker, 'tracker');
    equal(camera.requests.length, 1, 'prompts');
    equal(camera.tracks[0]!.readyState, 'live');
    equal(states.join(), '', 'states');
  });

  it('leaves and returns: off, then on again', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const first = next(element, 'keypoints');
    document.body.append(element);
    await first;
    element.remove();
    await sleep(0);
    equal(element.state, 'idle');
    equal(element.tracker, undefined, 'tracker');
    const second = next(element, 'keypoints');
    document.body.append(element);
    await second;
    equal(camera.tracks.map(({ readyState }) => readyState).join(), 'ended,live');
  });

  it('mounted, unmounted and mounted in one go (React’s strict mode) it has one camera', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    element.remove();
    document.body.append(element);
    await frame;
    await sleep(100);
    const live = camera.tracks.filter(({ readyState }) => readyState === 'live');
    equal(live.length, 1, 'live tracks');
  });

  it('moves into another document, styles included', async () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const first = next(element, 'keypoints');
    document.body.append(element);
    await first;
    const again = next(element, 'keypoints');
    frame.contentDocument!.body.append(element);
    equal((await again).faces.length, 1, 'faces');
    equal(element.ownerDocument, frame.contentDocument);
    const overlay = element.shadowRoot!.querySelector('.overlay')!;
    equal(frame.contentWindow!.getComputedStyle(overlay).position, 'absolute');
  });

  it('a listener that throws does not stop it', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    let frames = 0;
    element.addEventListener('keypoints', () => {
      frames++;
      throw new Error('of the listener');
    });
    const { onerror } = window;
    // The page hears of it, as of any listener's; the test framework shall not.
    window.onerror = () => true;
    const quiet = (event: ErrorEvent): void => event.stopImmediatePropagation();
    window.addEventListener('error', quiet, true);
    try {
      document.body.append(element);
      await until(() => frames >= 3, 'frames');
      equal(element.state, 'running');
    } finally {
      element.remove();
      window.removeEventListener('error', quiet, true);
      window.onerror = onerror;
    }
  });

  it('may be stopped, removed or started anew by its own listeners', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    element.addEventListener('keypoints', () => element.stop(), { once: true });
    document.body.append(element);
    await until(() => element.state === 'idle' && element.tracker !== undefined, 'stopped');
    const found: number[] = [];
    element.addEventListener('facefound', ({ detail }) => found.push(detail.face.id));
    await element.start();
    equal(element.state, 'running');
    equal(found.length, 1, 'faces found');
    element.addEventListener('facelost', () => element.remove(), { once: true });
    element.stop();
    await sleep(0);
    assert(!element.isConnected && element.state === 'idle', 'removed');
  });

  it('asks for no camera when a listener stops it as it begins', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    element.addEventListener('statechange', ({ detail }) => detail.state === 'loading' && element.stop());
    document.body.append(element);
    await until(() => element.tracker === undefined && element.state === 'idle', 'stopped');
    await sleep(200);
    equal(camera.requests.length, 0, 'prompts');
    equal(element.state, 'idle');
  });

  it('has one input at work, and says so, when a lost face makes a listener start it', async () => {
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const face = next(element, 'facefound');
    document.body.append(element);
    // The test pattern has no face.
    await until(() => element.state === 'running', 'running');
    element.source = await picture();
    await face;
    const again = (): void => void element.start();
    element.addEventListener('facelost', again, { once: true });
    element.source = null;
    await until(() => element.state === 'running', 'running again');
    await sleep(100);
    const live = camera.tracks.filter(({ readyState }) => readyState === 'live');
    equal(live.length, 1, 'live tracks');
    element.source = await picture();
    await next(element, 'facefound');
    element.addEventListener('facelost', again, { once: true });
    element.source = new Blob(['no picture'], { type: 'text/plain' });
    await next(element, 'error');
    equal(element.state, 'error');
  });
});
