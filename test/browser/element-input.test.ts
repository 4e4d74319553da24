import { whyCameraEnded } from '../../sdk/src/input/camera-end.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera, type WatchedCamera } from './camera.ts';
import {
  assert,
  createElement,
  equal,
  movingPicture,
  next,
  picture,
  recording,
  sleep,
  until,
} from './support.ts';

let camera: WatchedCamera | undefined;

/** No frame is shown in a hidden page, so that a request for one waits (HTML, requestVideoFrameCallback); no test can hide its own. */
function hidePage(): { waiting: (() => void)[]; show: () => void } {
  const { prototype } = HTMLVideoElement;
  const { requestVideoFrameCallback } = prototype;
  const waiting: (() => void)[] = [];
  prototype.requestVideoFrameCallback = function (callback) {
    return waiting.push(() => requestVideoFrameCallback.call(this, callback));
  };
  const show = (): void => {
    prototype.requestVideoFrameCallback = requestVideoFrameCallback;
    for (const ask of waiting.splice(0)) ask();
  };
  return { waiting, show };
}

describe('<face-keypoints> inputs', () => {
  afterEach(() => {
    camera?.restore();
    camera = undefined;
    document.body.replaceChildren();
  });

  it('asks for the camera that the attributes name', async () => {
    camera = watchCamera();
    const [device] = (await navigator.mediaDevices.enumerateDevices()).filter(
      ({ kind }) => kind === 'videoinput',
    );
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    element.setAttribute('resolution', 'hd');
    element.setAttribute('device-id', device!.deviceId);
    const frame = next(element, 'keypoints');
    document.body.append(element);
    const { width, height } = await frame;
    const video = camera.requests[0]?.video as MediaTrackConstraints;
    equal(JSON.stringify(video.deviceId), JSON.stringify({ exact: device!.deviceId }));
    equal(`${width}x${height}`, '1280x720');
  });

  it('takes the camera anew for another option, but not once it was stopped', async () => {
    camera = watchCamera();
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    const again = next(element, 'keypoints');
    element.resolution = 'hd';
    equal((await again).width, 1280, 'width');
    element.stop();
    Object.assign(element, { resolution: 'vga', facingMode: 'environment', deviceId: 'another' });
    await element.updateComplete;
    await sleep(200);
    equal(element.state, 'idle');
    equal(camera.requests.length, 2, 'prompts');
    equal(camera.tracks.map(({ readyState }) => readyState).join(), 'ended,ended');
    element.deviceId = null;
    const restarted = next(element, 'keypoints');
    await element.start();
    equal((await restarted).width, 640, 'width as set since');
  });

  it('tells of a camera that was unplugged with camera-missing', async () => {
    camera = watchCamera();
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    const failed = next(element, 'error');
    camera.tracks[0]!.dispatchEvent(new Event('ended'));
    equal((await failed).code, 'camera-missing');
    equal(element.state, 'error');
    equal(camera.tracks[0]!.readyState, 'ended', 'track');
  });

  it('tells a withdrawn permission from a pulled plug, whatever the browser knows', async () => {
    const { permissions, mediaDevices } = navigator;
    const { query } = permissions;
    const { enumerateDevices } = mediaDevices;
    const track = { getSettings: () => ({ deviceId: 'mine' }) } as MediaStreamTrack;
    const codeWhen = async (state: PermissionState | undefined, ids: string[]): Promise<string> => {
      permissions.query = async () => {
        if (!state) throw new TypeError('no such permission');
        return { state } as PermissionStatus;
      };
      mediaDevices.enumerateDevices = async () =>
        ids.map((deviceId) => ({ kind: 'videoinput', deviceId }) as MediaDeviceInfo);
      return (await whyCameraEnded(track)).code;
    };
    try {
      equal(await codeWhen('denied', []), 'camera-denied', 'denied');
      equal(await codeWhen('granted', ['other']), 'camera-missing', 'granted');
      equal(await codeWhen('prompt', ['']), 'camera-denied', 'to be asked anew, cameras without ids');
      equal(await codeWhen(undefined, ['mine']), 'camera-denied', 'unknown, the camera is there');
      equal(await codeWhen(undefined, ['other']), 'camera-missing', 'unknown, another camera is there');
    } finally {
      permissions.query = query;
      mediaDevices.enumerateDevices = enumerateDevices;
    }
  });

  it('tells when a stream that it was given ends, also by its owner’s hand', async () => {
    const { stream, end } = await movingPicture();
    try {
      const element = createElement({ model: fakeLandmarkModel(), source: stream });
      const frame = next(element, 'keypoints');
      document.body.append(element);
      await frame;
      const failed = next(element, 'error', 5000);
      stream.getVideoTracks()[0]!.stop();
      const { code, message } = await failed;
      equal(code, 'input-invalid');
      assert(/stream has ended.*Set `source`/.test(message), message);
    } finally {
      end();
    }
  });

  it('refuses a stream that is over or has no picture, and leaves a good one running', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: new MediaStream() });
    const failed = next(element, 'error', 5000);
    document.body.append(element);
    equal((await failed).code, 'input-invalid');
    const { stream, end } = await movingPicture();
    const frame = next(element, 'keypoints');
    element.source = stream;
    await frame;
    element.remove();
    await sleep(50);
    equal(stream.getVideoTracks()[0]!.readyState, 'live', 'somebody else’s track');
    end();
  });

  it('goes on over the end of a video, which plays again, as another stream', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await recording() });
    const ids = new Set<number>();
    element.addEventListener('keypoints', ({ detail }) => detail.faces.forEach(({ id }) => ids.add(id)));
    document.body.append(element);
    await until(() => ids.size >= 2, 'a second round’s face', 20_000);
    equal(element.state, 'running');
  });

  it('rests with a paused video and goes on with it', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await recording() });
    let frames = 0;
    element.addEventListener('keypoints', () => void frames++);
    document.body.append(element);
    await until(() => frames > 1, 'frames');
    element.paused = true;
    await element.updateComplete;
    await until(() => element.state === 'paused', 'paused');
    const video = element.shadowRoot!.querySelector('video')!;
    equal(video.paused, true, 'the element’s own video');
    await sleep(100);
    const before = frames;
    await sleep(300);
    equal(frames, before, 'frames while paused');
    element.paused = false;
    await until(() => frames > before, 'frames after the pause');
    equal(element.state, 'running');
  });

  it('never has two frames in work, however slow they are', async () => {
    const { stream, end } = await movingPicture();
    const element = createElement({ model: fakeLandmarkModel(), source: stream });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    const tracker = element.tracker!;
    const track = tracker.track.bind(tracker);
    let inWork = 0;
    let most = 0;
    let calls = 0;
    tracker.track = async (...args) => {
      calls++;
      most = Math.max(most, ++inWork);
      await sleep(150);
      return track(...args).finally(() => inWork--);
    };
    await until(() => calls >= 4, 'slow frames');
    end();
    equal(most, 1, 'in work at once');
  });

  it('rests while the page is hidden, and goes on when it is seen again', async () => {
    camera = watchCamera();
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    let frames = 0;
    element.addEventListener('keypoints', () => void frames++);
    document.body.append(element);
    await until(() => frames > 1, 'frames');
    const page = hidePage();
    try {
      await until(() => page.waiting.length > 0, 'it waits for a frame');
      await sleep(50);
      const before = frames;
      await sleep(500);
      equal(frames, before, 'frames while hidden');
      equal(page.waiting.length, 1, 'frames asked for, which would all come at once');
      page.show();
      await until(() => frames > before + 1, 'frames afterwards');
      equal(element.state, 'running');
      element.remove();
    } finally {
      page.show();
    }
  });

  it('gives time stamps that never go back, whatever the repaint says', async () => {
    camera = watchCamera();
    const { prototype } = HTMLVideoElement;
    const { requestVideoFrameCallback } = prototype;
    let frames = 0;
    // The first that comes this way is the element's second frame.
    prototype.requestVideoFrameCallback = function (callback) {
      return requestVideoFrameCallback.call(this, (now, metadata) =>
        callback(frames++ ? now : now - 5000, metadata),
      );
    };
    try {
      const element = createElement({ model: fakeLandmarkModel(), camera: true });
      const times: number[] = [];
      element.addEventListener('keypoints', ({ detail }) => void times.push(detail.timestamp));
      document.body.append(element);
      await until(() => times.length >= 4, 'frames');
      assert(
        times.every((time, i) => i === 0 || time >= times[i - 1]!),
        `in order: ${times.join(', ')}`,
      );
      element.remove();
    } finally {
      prototype.requestVideoFrameCallback = requestVideoFrameCallback;
    }
  });

  it('ends the loading of a picture that nobody waits for any more', async () => {
    const { decode } = HTMLImageElement.prototype;
    const images: HTMLImageElement[] = [];
    // A server that never answers.
    HTMLImageElement.prototype.decode = function () {
      images.push(this);
      return new Promise((_, reject) => {
        const gone = new MutationObserver(() => reject(new DOMException('no source', 'EncodingError')));
        gone.observe(this, { attributeFilter: ['src'] });
      });
    };
    try {
      const element = createElement({ model: fakeLandmarkModel(), src: '/slow.jpg' });
      const errors: unknown[] = [];
      element.addEventListener('error', ({ detail }) => errors.push(detail));
      document.body.append(element);
      await until(() => images.length > 0, 'it loads');
      element.remove();
      await until(() => !images[0]!.hasAttribute('src'), 'no source', 500);
      await sleep(50);
      equal(element.state, 'idle');
      equal(errors.length, 0, 'errors');
    } finally {
      HTMLImageElement.prototype.decode = decode;
    }
  });

  it('several elements on one page each have their own faces', async () => {
    const blob = await picture();
    const elements = [0, 1, 2].map(() => createElement({ model: fakeLandmarkModel(), source: blob }));
    const all = elements.map((element) => next(element, 'keypoints'));
    document.body.append(...elements);
    for (const { faces } of await Promise.all(all)) equal(faces.length, 1, 'faces');
    elements[0]!.remove();
    await sleep(50);
    const again = next(elements[1]!, 'keypoints');
    await elements[1]!.start();
    equal((await again).faces.length, 1, 'faces after another has left');
  });
});
