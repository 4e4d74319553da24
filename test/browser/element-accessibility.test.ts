import axe from 'axe-core';
import type { FaceKeypointsElement } from '../../sdk/src/define.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera } from './camera.ts';
import { assert, createElement, equal, next, picture, sleep, until } from './support.ts';

/** Fails with what axe finds wrong with the element, on a light and on a dark page. */
async function accessible(element: FaceKeypointsElement, state: string): Promise<void> {
  equal(element.state, state, 'state');
  await element.updateComplete;
  for (const [color, background] of [
    ['#111', '#fff'],
    ['#eee', '#111'],
  ]) {
    Object.assign(document.body.style, { color, background });
    const { violations, passes } = await axe.run(element);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    equal(found.join('\n'), '', `${state}, violations`);
    assert(passes.length > 0 || state === 'idle', `${state}: something was looked at`);
  }
}

describe('<face-keypoints> for everyone', () => {
  afterEach(() => {
    document.body.removeAttribute('style');
    document.body.replaceChildren();
  });

  it('axe finds nothing wrong while idle, loading, running, paused or failed', async () => {
    const camera = watchCamera();
    const answer = camera.hold();
    try {
      const element = createElement({ model: fakeLandmarkModel() });
      const button = Object.assign(document.createElement('button'), {
        slot: 'controls',
        textContent: 'Snap',
      });
      element.append(button);
      document.body.append(element);
      await element.updateComplete;
      await accessible(element, 'idle');
      element.camera = true;
      await until(() => element.state === 'loading', 'loading');
      await until(() => element.tracker !== undefined, 'the models');
      await accessible(element, 'loading');
      const message = element.shadowRoot!.querySelector('[part=message]')!.textContent!;
      assert(/Waiting for the camera/.test(message), `says what it waits for: ${message}`);
      const frame = next(element, 'keypoints');
      answer();
      await frame;
      await accessible(element, 'running');
      element.paused = true;
      await until(() => element.state === 'paused', 'paused');
      await accessible(element, 'paused');
      element.paused = false;
      await element.updateComplete;
      element.source = new Blob(['no picture'], { type: 'text/plain' });
      await next(element, 'error');
      await accessible(element, 'error');
    } finally {
      camera.restore();
    }
  });

  it('speaks when the state changes, and not at each frame', async () => {
    const camera = watchCamera();
    try {
      const element = createElement({ model: fakeLandmarkModel(), camera: true });
      document.body.append(element);
      await element.updateComplete;
      const region = element.shadowRoot!.querySelector('[role=status]')!;
      const said: string[] = [];
      let frames = 0;
      new MutationObserver(() => said.push(region.textContent!)).observe(region, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      element.addEventListener('keypoints', () => void frames++);
      await until(() => frames > 10, 'frames');
      // The test pattern has no face.
      equal(said.join(' '), 'Loading. No face found.');
      element.paused = true;
      await until(() => element.state === 'paused', 'paused');
      element.stop();
      await element.updateComplete;
      equal(said.join(' '), 'Loading. No face found. Paused. Stopped.');
    } finally {
      camera.restore();
    }
  });

  it('says for the picture what is in it', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    await until(() => element.state === 'running', 'running');
    await element.updateComplete;
    const image = element.shadowRoot!.querySelector('[role=img]')!;
    equal(image.getAttribute('aria-label'), 'Picture with one face marked');
    equal(element.shadowRoot!.querySelector('[role=status]')!.textContent, 'One face found.');
  });

  it('does not mention a face that is away for a moment', async () => {
    const { Announcer } = await import('../../sdk/src/element/announcer.ts');
    const said: string[] = [];
    const announcer = new Announcer(() => said.push(announcer.text));
    announcer.say('One face found.');
    announcer.saySoon('No face found.');
    await sleep(100);
    announcer.saySoon('One face found.');
    await sleep(1200);
    announcer.saySoon('No face found.');
    await sleep(1200);
    equal(said.join(' '), 'One face found. No face found.');
  });

  it('alerts of an error, whose button is within reach of the keyboard', async () => {
    const element = createElement({ model: '/no/such/model.json', source: await picture() });
    const failed = next(element, 'error');
    document.body.append(element);
    const { message } = await failed;
    await element.updateComplete;
    const alert = element.shadowRoot!.querySelector('[role=alert]')!;
    assert(alert.textContent!.includes(message), 'the message is in the alert');
    const button = alert.querySelector('button')!;
    button.focus();
    equal(element.shadowRoot!.activeElement, button, 'focused');
    const { height, width } = button.getBoundingClientRect();
    assert(height >= 44 && width >= 44, `a thumb's size, not ${width} x ${height}`);
    const frame = next(element, 'keypoints');
    element.model = fakeLandmarkModel();
    await frame;
    equal(element.shadowRoot!.querySelector('[role=alert]'), null, 'alert once it works');
  });
});
