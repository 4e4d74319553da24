/** The camera, from the click to the figures, with a recorded face whose points are known. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { facePoints, openBrowser, openPage } from '../support/browser.mjs';
import { writeCamera } from '../support/camera.mjs';
import { enter } from '../support/states.mjs';

const LFPW = join(root, '../shared/data/lfpw');
const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

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

describe('the page with a camera', () => {
  let folder, opened, page, truth;
  const state = () => page.evaluate(() => document.getElementById('face').state);
  const placeOf = (id) => page.locator(`#${id}`).boundingBox();
  /** Of the controls that are always there. */
  const places = () => Promise.all(['open', 'camera', 'snapshot', 'details'].map(placeOf));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'face-keypoints-camera-'));
    const known = knownFace();
    const toFrame = await writeCamera(join(folder, 'camera.mjpeg'), known.picture);
    truth = known.points?.map(toFrame);
    opened = await openPage({
      args: [...FAKE_CAMERA, `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`],
      viewport: { width: 390, height: 844 },
      prepare: (page) =>
        page.addInitScript(() => {
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.asked = 0;
          navigator.mediaDevices.getUserMedia = (wish) => {
            window.asked++;
            return ask(wish);
          };
        }),
    });
    page = opened.page;
  });

  after(async () => {
    await opened?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does not touch the camera before it is asked to', async () => {
    assert.equal(await state(), 'idle');
    assert.equal(await page.evaluate(() => window.asked), 0);
  });

  it('shows 68 points within the picture, and nothing in the bar moves', async () => {
    const bar = await placeOf('bar');
    const before = await places();
    await page.click('#camera');
    const stop = await placeOf('stop');
    const points = await facePoints(page);
    assert.equal(points.length, 68);
    for (const [x, y] of points) assert.ok(x > -64 && x < 704 && y > -48 && y < 528, `${x}, ${y}`);
    assert.deepEqual(await placeOf('bar'), bar);
    assert.deepEqual(await places(), before);
    assert.deepEqual(await placeOf('stop'), stop);
    const camera = await placeOf('camera');
    assert.ok(stop.x >= camera.x + camera.width, 'Stop lies where the camera was started');
    assert.equal(await page.getAttribute('#camera', 'aria-disabled'), 'true', 'it is on already');
    await page.waitForSelector('#camera[aria-label="Camera: on"]');
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

  it('says how fast it is and on what, with units', async () => {
    await page.waitForFunction(
      () =>
        /\d pictures\/s\s+\d+(\.\d)? ms\s+Web(GPU|GL|Assembly)/.test(
          document.getElementById('stats').innerText,
        ),
      undefined,
      { timeout: 60_000 },
    );
    await page.click('#details');
    const words = await page.innerText('#tab-panel');
    assert.match(words, /Smile\s+\d+ %/);
    assert.match(words, /Turned\s+\d+°/);
    assert.match(
      words,
      /Finding the face\s+\d+(\.\d)? ms\s+when it last ran: a face was missing or in doubt/,
    );
    assert.match(words, /Placing the points\s+\d+(\.\d)? ms/);
    assert.match(words, /Web(GPU|GL|Assembly)\s+on the /);
    await page.click('#details');
  });

  it('has thumb-sized controls', async () => {
    for (const button of await page.locator('button:visible').all()) {
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 44 && height >= 44, `${await button.innerText()}: ${width} x ${height}`);
    }
  });

  it('records points and gives them as a file that reads back', async () => {
    await page.click('#details');
    await page.click('#tab-save');
    await page.click('#record');
    await page.waitForFunction(
      () => / [5-9] pictures/.test(document.getElementById('tab-panel').innerText),
      undefined,
      {
        timeout: 60_000,
      },
    );
    await page.click('#record');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-jsonl')]);
    assert.match(download.suggestedFilename(), /^face-[\d-]+\.jsonl$/);
    const frames = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n')
      .slice(-5)
      .map(JSON.parse);
    for (const { faces } of frames) assert.equal(faces.length, 1);
    await page.click('#details');
  });

  it('saves what is seen as PNG and SVG', async () => {
    const [png] = await Promise.all([page.waitForEvent('download'), page.click('#snapshot')]);
    assert.deepEqual([...readFileSync(await png.path()).subarray(1, 4)], [...Buffer.from('PNG')]);
    await page.click('#details');
    await page.click('#tab-save');
    const [svg] = await Promise.all([page.waitForEvent('download'), page.click('#save-svg')]);
    assert.match(readFileSync(await svg.path(), 'utf8'), /^<svg .*class="face"/s);
    await page.click('#details');
  });

  it('keeps what was chosen', async () => {
    // The page names a style as the element's attribute does.
    for (const style of ['contours', 'points']) {
      assert.equal(await page.getAttribute('#face', 'overlay'), style);
      assert.equal((await page.innerText('#overlay')).trim().toLowerCase(), style);
      await page.click('#overlay');
    }
    assert.equal(await page.getAttribute('#face', 'overlay'), 'mesh');
    await page.click('#details');
    await page.click('#tab-view');
    assert.equal(await page.isChecked('#mirror'), true);
    await page.locator('#smoothing').fill('0');
    assert.equal(await page.evaluate(() => document.getElementById('face').smoothing), false);
    await page.click('#panel-close');
    const kept = await page.evaluate(() => JSON.parse(window.localStorage.getItem('settings')));
    assert.equal(kept.smoothing, 0);
    assert.equal(kept.overlay, await page.getAttribute('#face', 'overlay'));
  });

  it('stops when told, and the camera goes off', async () => {
    const track = await page.evaluateHandle(() => document.getElementById('face').source.getVideoTracks()[0]);
    await page.click('#stop');
    assert.equal(await state(), 'idle');
    assert.equal(await track.evaluate(({ readyState }) => readyState), 'ended');
    assert.ok(await page.isVisible('#welcome'));
  });

  describe('starts from the same place, whatever is open', () => {
    const model = ['model.json', 'weights.bin'].map((name) => join(root, 'public/models/resnet18', name));
    const picture = join(root, 'public/example.jpg');
    const opened = {
      'the example': () => page.click('#example'),
      'a picture': () => page.setInputFiles('#file', picture),
      'many pictures': () => page.setInputFiles('#file', [picture, join(root, 'public/icons/icon-512.png')]),
      'what does not open': () => page.setInputFiles('#file', join(root, 'README.md')),
      'a model of one’s own': () => page.setInputFiles('#file', model),
    };
    for (const [name, open] of Object.entries(opened)) {
      it(name, async () => {
        const before = await places();
        await open();
        await page.waitForSelector('#welcome', { state: 'hidden' });
        assert.deepEqual(await places(), before);
        await page.click('#camera:not([aria-disabled=true])');
        await page.waitForFunction(
          () => {
            const { source, state } = document.getElementById('face');
            return source instanceof window.MediaStream && state === 'running';
          },
          undefined,
          { timeout: 60_000 },
        );
        assert.deepEqual(await places(), before);
        // At once, it would count as the second half of a double click.
        await page.waitForTimeout(500);
        // The table of many pictures is there still.
        if (await page.isVisible('#back')) {
          await page.click('#back');
          await page.waitForSelector('#batch');
          await page.waitForTimeout(500);
        }
        await page.click('#stop');
        if (await page.isVisible('#question')) await page.click('#lose-results');
        await page.waitForSelector('#welcome');
      });
    }
  });
});

it('a camera that is only asked for is not called on, but cannot be asked for again', async () => {
  const browser = await openBrowser();
  try {
    const page = await enter(await browser.context(), browser.url, 'asking');
    assert.equal(await page.getAttribute('#camera', 'aria-label'), 'Camera');
    assert.equal(await page.getAttribute('#camera', 'aria-disabled'), 'true');
  } finally {
    await browser.close();
  }
});
