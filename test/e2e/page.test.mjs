/** What a person does with the built page, in a browser with a recorded camera. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { facePoints, openPage } from '../support/browser.mjs';
import { writeCamera } from '../support/camera.mjs';

const hasModel = existsSync(join(root, 'dist/models/resnet18/model.json'));
const needsModel = hasModel ? false : 'there is no trained model in public/models/resnet18 yet';
const LFPW = join(root, '../shared/data/lfpw');
const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

const click = (page, action) => page.click(`#controls [data-action=${action}]`);
const notice = async (page) => {
  await page.waitForSelector('#notice:not([hidden])', { timeout: 30_000 });
  return {
    code: await page.getAttribute('#notice', 'data-code'),
    text: await page.textContent('#notice-text'),
    button: await page.textContent('#notice-button'),
  };
};

/** A face whose points are known, where the annotated pictures are at hand; else the drawn example. */
function knownFace() {
  if (!existsSync(join(LFPW, 'annotations.jsonl'))) return { picture: join(root, 'public/example.jpg') };
  const faces = readFileSync(join(LFPW, 'annotations.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const face = faces.find(
    ({ split, width, points }) => split === 'test' && width >= 280 && points.every(Boolean),
  );
  // Annotations have pixel centres at whole numbers, we have them at halves.
  return { picture: join(LFPW, face.file), points: face.points.map(([x, y]) => [x + 0.5, y + 0.5]) };
}

describe('the page with a camera', { skip: needsModel }, () => {
  let folder, opened, page, truth;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'face-keypoints-camera-'));
    const known = knownFace();
    const toFrame = await writeCamera(join(folder, 'camera.mjpeg'), known.picture);
    truth = known.points?.map(toFrame);
    opened = await openPage({
      args: [...FAKE_CAMERA, `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`],
    });
    page = opened.page;
  });

  after(async () => {
    await opened?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does not touch the camera before it is asked to', async () => {
    assert.equal(await page.evaluate(() => document.querySelector('face-keypoints').state), 'idle');
  });

  it('shows 68 points within the picture', async () => {
    await click(page, 'camera');
    const points = await facePoints(page);
    assert.equal(points.length, 68);
    for (const [x, y] of points) assert.ok(x > -64 && x < 704 && y > -48 && y < 528, `${x}, ${y}`);
  });

  it('puts them where they belong (mean error under 8 % of the eye distance)', async (t) => {
    if (!truth) return t.skip('the annotated faces (../shared/data) are not at hand');
    await page.waitForTimeout(1500);
    const points = await facePoints(page);
    const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);
    const mean = points.reduce((sum, point, i) => sum + distance(point, truth[i]), 0) / 68;
    const error = mean / distance(truth[36], truth[45]);
    t.diagnostic(`mean error ${(100 * error).toFixed(2)} % of the eye distance`);
    assert.ok(error < 0.08, `${(100 * error).toFixed(1)} %`);
    return undefined;
  });

  it('says how fast it is and on what', async () => {
    await page.waitForFunction(() => /\d/.test(document.getElementById('fps').textContent), undefined, {
      timeout: 30_000,
    });
    assert.match(await page.textContent('#backend'), /^Web(GPU|GL|Assembly)$/);
    assert.match(await page.textContent('#ms'), /^\d/);
  });

  it('mirrors the camera, and stops when told', async () => {
    assert.equal(await page.getAttribute('#mirror', 'aria-pressed'), 'true');
    await page.click('#stop');
    assert.equal(await page.evaluate(() => document.querySelector('face-keypoints').state), 'idle');
    assert.ok(await page.isVisible('#intro'));
  });

  it('is installable', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    const session = await opened.context.newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, []);
  });

  it('sends nothing anywhere while it tracks', async () => {
    await click(page, 'camera');
    await facePoints(page);
    const before = opened.requests.length;
    await page.waitForTimeout(2000);
    assert.deepEqual(opened.requests.slice(before), []);
    const origin = new URL(opened.server.url).origin;
    const elsewhere = opened.urls.filter(
      (url) => !url.startsWith(origin) && !/^(blob:|data:|about:)/.test(url),
    );
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(opened.messages, []);
  });

  it('works with the server gone', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await opened.server.close();
    await page.reload();
    await click(page, 'camera');
    assert.equal((await facePoints(page)).length, 68);
  });
});

describe('the page without a camera', () => {
  let opened, page;

  before(async () => {
    opened = await openPage();
    page = opened.page;
  });
  after(() => opened?.close());

  it('shows points on the example', { skip: needsModel }, async () => {
    await click(page, 'example');
    assert.equal((await facePoints(page)).length, 68);
  });

  it('says that there is none, and offers a picture instead', async () => {
    await click(page, 'camera');
    const { code, text, button } = await notice(page);
    assert.equal(code, 'camera-missing');
    assert.match(text, /camera/i);
    assert.equal(button, 'Open a picture');
  });

  it('follows a face through a video', { skip: needsModel }, async () => {
    await page.reload();
    await page.evaluate(async () => {
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
    assert.equal((await facePoints(page)).length, 68);
    await page.waitForSelector('#rate:not([hidden])');
  });

  it('runs a model of one’s own', { skip: needsModel }, async () => {
    await page.reload();
    const model = join(root, 'dist/models/resnet18');
    const before = opened.requests.length;
    await page.setInputFiles('#file', [join(model, 'model.json'), join(model, 'weights.bin')]);
    assert.equal((await facePoints(page)).length, 68);
    assert.deepEqual(
      opened.requests.slice(before).filter((url) => url.includes('resnet18/weights')),
      [],
    );
  });

  it('says when there is no face in a picture', { skip: needsModel }, async () => {
    await page.reload();
    await page.setInputFiles('#file', join(root, 'public/icons/icon-512.png'));
    await page.waitForSelector('#hint:not([hidden])', { timeout: 30_000 });
    assert.match(await page.textContent('#hint'), /^No face found/);
  });

  it('says that a text file is no picture', async () => {
    await page.reload();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['not a picture'], 'notes.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      );
    });
    const { code, text } = await notice(page);
    assert.equal(code, 'input-invalid');
    assert.match(text, /not a picture or video/);
  });

  it('is served with headers that keep everything on the device', async () => {
    const { headers } = await fetch(opened.server.url);
    assert.match(headers.get('content-security-policy'), /default-src 'none'/);
    assert.match(headers.get('content-security-policy'), /connect-src 'self'/);
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(headers.get('cross-origin-embedder-policy'), 'require-corp');
  });

  it('can be worked with the keyboard alone', async () => {
    await page.reload();
    await page.keyboard.press('Tab');
    const seen = new Set();
    for (let i = 0; i < 12; i++) {
      seen.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName));
      await page.keyboard.press('Tab');
    }
    for (const id of ['camera', 'open', 'example'])
      assert.ok(seen.has(id), `${id} in ${[...seen].join(' ')}`);
  });
});

describe('an update', () => {
  it('waits until the person agrees', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    const opened = await openPage();
    try {
      const { page } = opened;
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.reload();
      assert.equal(await page.isVisible('#update'), false);
      writeFileSync(worker, `${original}\n// a newer version`);
      await page.reload();
      await page.waitForSelector('#update:not([hidden])', { timeout: 30_000 });
      await Promise.all([page.waitForEvent('load'), page.click('#update')]);
      await page.waitForTimeout(500);
      assert.equal(await page.isVisible('#update'), false);
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });
});

describe('npm start', () => {
  it('serves the page on a free port and ends when told', async () => {
    const child = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      env: { ...process.env, PORT: '0' },
    });
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    let said = '';
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(said)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          said += text;
          const found = said.match(/http:\/\/\S+/);
          if (found) resolve(found[0]);
        });
      }
    });
    const response = await fetch(url, { headers: { 'accept-encoding': 'br' } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-encoding'), 'br');
    assert.match(await response.text(), /<face-keypoints/);
    assert.equal((await fetch(new URL('../package.json', url))).status, 404);
    assert.equal((await fetch(`${url}%2e%2e/package.json`)).status, 404);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  });
});

describe('the page with a blocked camera', { skip: needsModel }, () => {
  it('says how to allow it', async () => {
    const opened = await openPage({
      args: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    });
    try {
      await click(opened.page, 'camera');
      const { code, text, button } = await notice(opened.page);
      assert.equal(code, 'camera-denied');
      assert.match(text, /Allow it/);
      assert.equal(button, 'Try again');
    } finally {
      await opened.close();
    }
  });
});
