/** Models that fail to load, with and without an input, and what brings the element back. */
import type { FaceKeypointsElement } from '../../sdk/src/define.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { createElement, equal, next, picture, sleep, until } from './support.ts';

/** Models that are not there until `mended`: the detector is asked for by its address. */
function watchServer(): { asked: number; mended: boolean; restore: () => void } {
  const { fetch } = window;
  const server = { asked: 0, mended: false, restore: () => void (window.fetch = fetch) };
  window.fetch = async (...args) => {
    if (!/blazeface\/model\.json/.test(args[0] instanceof Request ? args[0].url : String(args[0])))
      return fetch(...args);
    server.asked++;
    return server.mended ? fetch(...args) : new Response('not found', { status: 404 });
  };
  return server;
}

describe('<face-keypoints> whose models fail to load', () => {
  let server: ReturnType<typeof watchServer>;
  let element: FaceKeypointsElement;
  let errors: string[];

  beforeEach(async () => {
    server = watchServer();
    errors = [];
    element = createElement({ model: fakeLandmarkModel() });
    element.addEventListener('error', ({ detail }) => errors.push(detail.code));
    document.body.append(element);
    await element.updateComplete;
  });
  afterEach(() => {
    server.restore();
    document.body.replaceChildren();
  });

  const press = async (): Promise<void> => {
    await element.updateComplete;
    element.shadowRoot!.querySelector<HTMLButtonElement>('button[part=button]')!.click();
  };

  it('loads again at the press of the button, without an input too', async () => {
    await element.load();
    equal(element.state, 'error');
    await press();
    await until(() => errors.length === 2, 'a second error');
    equal(errors.join(), 'model-missing,model-missing');
    server.mended = true;
    const ready = next(element, 'ready');
    await press();
    await ready;
    equal(element.state, 'idle');
    equal(element.error, undefined);
  });

  it('starts again at the press of the button, with an input', async () => {
    element.source = await picture();
    await next(element, 'error');
    server.mended = true;
    const frame = next(element, 'keypoints');
    await press();
    equal((await frame).faces.length, 1, 'faces');
    equal(element.state, 'running');
  });

  it('tells one failure once, however many wait for it', async () => {
    element.source = await picture();
    await Promise.all([element.load(), element.load(), element.start(), element.load()]);
    await sleep(50);
    equal(errors.join(), 'model-missing');
    equal(element.state, 'error');
    await element.load();
    equal(errors.join(), 'model-missing,model-missing', 'another failure is another error');
  });
});

describe('<face-keypoints> started without an input', () => {
  afterEach(() => document.body.replaceChildren());

  it('is idle, whatever it did before', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    element.source = null;
    const lost = next(element, 'facelost');
    await element.start();
    await lost;
    equal(element.state, 'idle');
    equal(element.faces.length, 0);
    element.source = new Blob(['no picture'], { type: 'image/png' });
    await next(element, 'error');
    element.source = null;
    await element.start();
    equal(element.state, 'idle');
    equal(element.error, undefined);
  });
});
