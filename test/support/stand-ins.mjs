/**
 * What a browser would do for a state that no test can bring about otherwise, put in place before the page's scripts run.
 * Nothing of it is in the page: it sees a getUserMedia, a service worker and events like any other.
 */

/**
 * A camera that shows a drawn scene: `face`, `faces` (two), `empty`, `dark`; or that never answers (`pending`), or fails
 * with a DOMException's name.
 * @param {import('playwright-core').Page} page
 * @param {string} scene
 */
export async function standInCamera(page, scene) {
  await page.addInitScript((scene) => {
    const [WIDTH, HEIGHT] = window.innerWidth < window.innerHeight ? [480, 640] : [640, 480];
    const devices = navigator.mediaDevices;
    devices.enumerateDevices = async () =>
      ['Front camera', 'Back camera'].map((label, i) => ({
        kind: 'videoinput',
        deviceId: `camera-${i}`,
        label,
      }));
    devices.getUserMedia = async () => {
      if (scene === 'pending') return new Promise(() => undefined);
      if (!['face', 'faces', 'empty', 'dark'].includes(scene))
        throw new window.DOMException('stand-in', scene);
      const image = await createImageBitmap(await (await fetch('example.jpg')).blob());
      const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
      const context = canvas.getContext('2d');
      const draw = () => {
        context.fillStyle = '#9aa8b2';
        context.fillRect(0, 0, WIDTH, HEIGHT);
        context.filter = scene === 'dark' ? 'brightness(0.06)' : 'none';
        const shift = 2 * Math.sin(performance.now() / 300);
        if (scene === 'faces') {
          context.drawImage(image, 10, HEIGHT / 2 - WIDTH / 4, WIDTH / 2 - 10, WIDTH / 2 - 10);
          context.drawImage(image, WIDTH / 2, HEIGHT / 2 - WIDTH / 4, WIDTH / 2 - 10, WIDTH / 2 - 10);
        } else if (scene !== 'empty') {
          const side = Math.max(WIDTH, HEIGHT);
          context.drawImage(image, (WIDTH - side) / 2 + shift, (HEIGHT - side) / 2, side, side);
          if (scene === 'dark') context.fillRect(0, 0, 0, 0);
        }
      };
      draw();
      setInterval(draw, 100);
      return canvas.captureStream(10);
    };
  }, scene);
}

/** No video plays before `playAllowed` is set, as on a phone that saves power: it takes a person's hand. */
export async function standInBlockedPlay(page) {
  await page.addInitScript(() => {
    const { prototype } = window.HTMLMediaElement;
    const { play } = prototype;
    prototype.play = async function () {
      if (window.playAllowed) return play.call(this);
      throw new window.DOMException('stand-in', 'NotAllowedError');
    };
  });
}

/** A page from http: no camera, not secure. */
export async function standInInsecure(page) {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  });
}

/** Trackers each of which is lost at a still, as by a graphics driver that ends; the first sees one before. */
export async function standInLostTrackers(page) {
  await page.addInitScript(() => {
    let stills = 0;
    window.Worker = class extends window.Worker {
      postMessage(request, ...others) {
        if (request.type !== 'detect' || ++stills === 1) return super.postMessage(request, ...others);
        setTimeout(() => this.dispatchEvent(new window.ErrorEvent('error', { message: 'lost' })));
      }
    };
  });
}

/** A new version that waits. */
export async function standInUpdate(page) {
  await page.addInitScript(() => {
    navigator.serviceWorker.register = async (url) => {
      const waiting = Object.assign(new window.EventTarget(), {
        scriptURL: new URL(url, location.href).href,
        state: 'installed',
        postMessage: () => undefined,
      });
      return Object.assign(new window.EventTarget(), { waiting, active: null, installing: null });
    };
  });
}

/** The installed page, in a window without an address bar. */
export async function standInInstalled(page) {
  await page.addInitScript(() => {
    const ask = window.matchMedia.bind(window);
    window.matchMedia = (query) =>
      ask(query === '(display-mode: standalone)' ? '(display-mode: browser)' : query);
  });
}

/** An event of the element, as it would send it. */
export function emit(page, type, detail) {
  return page.evaluate(
    ([type, detail]) =>
      document.getElementById('face').dispatchEvent(new window.CustomEvent(type, { detail })),
    [type, detail],
  );
}

/** Files dropped on the page: `{ name, type, body }`, or a path of the page's own under `url`. */
export function drop(page, files) {
  return page.evaluate(async (files) => {
    const data = new DataTransfer();
    for (const { name, type, body, url } of files) {
      const content = url ? await (await fetch(url)).blob() : body;
      data.items.add(new File([content], name, { type }));
    }
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  }, files);
}

/** A second of a face that moves, as a video file dropped on the page. */
export function dropVideo(page) {
  return page.evaluate(async () => {
    const image = await createImageBitmap(await (await fetch('example.jpg')).blob());
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 320 });
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let i = 0; i < 20; i++) {
      canvas.getContext('2d').drawImage(image, i, 0, 300, 300);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    const data = new DataTransfer();
    data.items.add(new File(parts, 'face.webm', { type: 'video/webm' }));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  });
}

/** As a person does it with the mouse: a drop of files, and folders, out of the file system. */
export async function dropPaths(page, paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await session.detach();
}
