import axe from 'axe-core';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, createElement, equal, movingPicture, next, recording, sleep, until } from './support.ts';

/**
 * A browser that lets no video play before a person says so (HTML, "allowed to play"). Without a picture: nor does it
 * load any before, as on a phone that saves power.
 */
function watchPlay(): { allowed: boolean; refused: number; withoutPicture: boolean; restore: () => void } {
  const { prototype } = HTMLMediaElement;
  const { play } = prototype;
  const watched = {
    allowed: false,
    refused: 0,
    withoutPicture: false,
    restore: () => void (prototype.play = play),
  };
  let kept = '';
  prototype.play = async function () {
    if (watched.allowed) {
      if (kept) this.src = kept;
      return play.call(this);
    }
    watched.refused++;
    if (watched.withoutPicture && this.src) {
      kept = this.src;
      this.removeAttribute('src');
      this.load();
    }
    throw new DOMException('play() needs a gesture', 'NotAllowedError');
  };
  return watched;
}

describe('<face-keypoints> where no video may play by itself', () => {
  let play: ReturnType<typeof watchPlay>;
  beforeEach(() => {
    play = watchPlay();
  });
  afterEach(() => {
    play.restore();
    document.body.replaceChildren();
  });

  for (const withoutPicture of [true, false])
    it(`offers a button, and goes on once it plays, ${withoutPicture ? 'without' : 'with'} a picture before`, async () => {
      play.withoutPicture = withoutPicture;
      const element = createElement({ model: fakeLandmarkModel(), source: await recording() });
      let frames = 0;
      element.addEventListener('keypoints', () => void frames++);
      const button = (): HTMLButtonElement | null =>
        element.shadowRoot!.querySelector<HTMLButtonElement>('button[part=button]');
      const status = (): string => element.shadowRoot!.querySelector('[role=status]')!.textContent!;
      document.body.append(element);
      await until(() => button() !== null, 'a button');
      if (!withoutPicture) await until(() => frames > 0, 'the first frame');
      await until(() => element.tracker !== undefined, 'the models');
      // The first picture may be looked at twice: once it is there, and once it is shown.
      await sleep(300);
      const resting = frames;
      await sleep(300);
      equal(element.state, withoutPicture ? 'loading' : 'running');
      equal(frames, resting, 'frames while it waits');
      if (withoutPicture) equal(frames, 0, 'frames without a picture');
      equal(button()!.textContent, 'Play');
      equal(button()!.closest('[part=message]'), null, 'hidden along with messages');
      equal(status(), 'Press Play to start the video.');
      const { violations } = await axe.run(element);
      equal(violations.map(({ id }) => id).join(), '', 'violations');

      const { refused } = play;
      button()!.click();
      await until(() => play.refused > refused, 'asked again');
      await sleep(50);
      equal(button()?.textContent, 'Play', 'refused again');

      play.allowed = true;
      button()!.click();
      const before = frames;
      await until(() => frames > before + 2, 'frames');
      equal(element.state, 'running');
      equal(button(), null, 'button');
      assert(/face.* found/.test(status()), `says how things stand: ${status()}`);
    });

  it('waits with a stream, whose frames cannot be read before it plays', async () => {
    const { stream, end } = await movingPicture();
    try {
      const element = createElement({
        model: fakeLandmarkModel(),
        source: stream,
        worker: 'auto',
        assets: '/sdk',
      });
      let error: unknown;
      element.addEventListener('error', ({ detail }) => (error = detail));
      document.body.append(element);
      await until(() => element.tracker !== undefined, 'the models');
      await sleep(500);
      equal(error, undefined, 'error');
      const button = element.shadowRoot!.querySelector<HTMLButtonElement>('button[part=button]')!;
      equal(button.textContent, 'Play');
      play.allowed = true;
      const frame = next(element, 'keypoints');
      button.click();
      await frame;
      equal(element.state, 'running');
    } finally {
      end();
    }
  });

  it('asks no longer once it was stopped, or while it is paused', async () => {
    const { stream, end } = await movingPicture();
    try {
      const element = createElement({ model: fakeLandmarkModel(), source: stream });
      const button = (): Element | null => element.shadowRoot!.querySelector('button[part=button]');
      document.body.append(element);
      await until(() => button() !== null, 'a button');
      element.stop();
      await element.updateComplete;
      equal(button(), null, 'button after the stop');
      element.paused = true;
      play.allowed = true;
      const frame = next(element, 'keypoints');
      await element.start();
      await frame;
      equal(element.state, 'paused');
      play.allowed = false;
      element.paused = false;
      await until(() => button() !== null, 'a button to go on');
      element.paused = true;
      await until(() => element.state === 'paused', 'paused again');
      await element.updateComplete;
      equal(button(), null, 'button while paused');
    } finally {
      end();
    }
  });
});
