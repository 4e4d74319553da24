/** Pictures, videos and models that a person brings. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { facePoints, openBrowser } from '../support/browser.mjs';
import { drop, dropPaths, dropVideo, standInBlockedPlay } from '../support/stand-ins.mjs';
import { enter } from '../support/states.mjs';

describe('files', () => {
  let browser, context, page;
  before(async () => {
    browser = await openBrowser();
    context = await browser.context();
    page = await context.newPage();
  });
  beforeEach(() => page.goto(browser.url));
  after(() => browser?.close());

  it('shows points on a picture that is pasted', async () => {
    await page.evaluate(async () => {
      const data = new DataTransfer();
      data.items.add(new File([await (await fetch('example.jpg')).blob()], 'a.jpg', { type: 'image/jpeg' }));
      document.dispatchEvent(new window.ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    });
    assert.equal((await facePoints(page)).length, 68);
  });

  it('follows a face through a video', async () => {
    await dropVideo(page);
    assert.equal((await facePoints(page)).length, 68);
    await page.waitForFunction(
      () => /pictures\/s/.test(document.getElementById('stats')?.innerText),
      undefined,
      {
        timeout: 60_000,
      },
    );
  });

  it('offers a button over a video that may not play by itself', async () => {
    const page = await context.newPage();
    try {
      await standInBlockedPlay(page);
      await page.goto(browser.url);
      await dropVideo(page);
      await page.waitForSelector('#face button:text-is("Play")', { timeout: 60_000 });
      assert.equal((await facePoints(page)).length, 68, 'of its first picture');
      await page.evaluate(() => (window.playAllowed = true));
      // As by hand: it fails where the button is hidden, or lies under something.
      await page.click('#face button', { timeout: 10_000 });
      await page.waitForSelector('#stats:has-text("pictures/s")', { timeout: 60_000 });
      assert.equal(await page.locator('#face button').count(), 0);
    } finally {
      await page.close();
    }
  });

  it('says when there is no face in a picture', async () => {
    await page.setInputFiles('#file', join(root, 'public/icons/icon-512.png'));
    await page.waitForSelector('#hint', { timeout: 60_000 });
    assert.match(await page.textContent('#hint'), /^\s*No face found/);
  });

  it('works through many pictures and gives all results', async () => {
    await drop(page, [
      { name: 'a, "b".jpg', type: 'image/jpeg', url: 'example.jpg' },
      { name: 'none.png', type: 'image/png', url: 'icons/icon-512.png' },
      { name: 'notes.txt', type: 'text/plain', body: 'no picture' },
    ]);
    await page.waitForSelector('#batch :text("All done, 1 face found")', { timeout: 120_000 });
    assert.match(await page.innerText('#batch tbody tr:nth-child(3)'), /Not a picture/);
    assert.match(await page.innerText('#batch header'), /All done, 1 face found, 1 not read/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#batch-jsonl')]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n')
      .slice(-2)
      .map(JSON.parse);
    assert.deepEqual(
      lines.map(({ file, faces }) => [file, faces.length]),
      [
        ['a, "b".jpg', 1],
        ['none.png', 0],
      ],
    );
  });

  const TWO = [
    { name: 'face.jpg', type: 'image/jpeg', url: 'example.jpg' },
    { name: 'logo.png', type: 'image/png', url: 'icons/icon-512.png' },
  ];
  const allDone = () => page.waitForSelector('#batch :text("All done, 1 face found")', { timeout: 120_000 });

  it('asks before results go that nobody has saved', async () => {
    const asks = async () => {
      const dialog = page.waitForEvent('dialog', { timeout: 3000 }).catch(() => undefined);
      // Not awaited: it ends with the answer.
      void page.evaluate(() => void location.reload()).catch(() => undefined);
      const shown = await dialog;
      await shown?.dismiss();
      return shown?.type();
    };
    await drop(page, TWO);
    await allDone();
    // Browsers ask only where somebody has done something.
    await page.click('#details');
    assert.equal(await asks(), 'beforeunload');
    assert.ok(await page.isVisible('#batch'), 'the table stays');
    await Promise.all([page.waitForEvent('download'), page.click('#batch-csv')]);
    assert.equal(await asks(), undefined, 'once they are saved the page goes');
    await page.waitForSelector('#batch', { state: 'hidden' });
  });

  it('keeps a long name to two lines on a phone, and its end in sight', async () => {
    const name = `${'a'.repeat(192)}-007.png`;
    const phone = await context.newPage();
    try {
      await phone.setViewportSize({ width: 390, height: 844 });
      await phone.goto(browser.url);
      await drop(phone, [{ ...TWO[1], name }, TWO[0]]);
      const item = phone.getByRole('button', { name, exact: true });
      await item.waitFor({ timeout: 60_000 });
      assert.equal(await item.getAttribute('title'), name);
      const { lines, end, overflow } = await item.locator('.name').evaluate((shown) => {
        const { height, right } = shown.getBoundingClientRect();
        const last = shown.lastElementChild;
        return {
          lines: height / parseFloat(window.getComputedStyle(shown).lineHeight),
          end:
            last.scrollWidth <= last.clientWidth &&
            last.getBoundingClientRect().right <= right &&
            last.textContent,
          overflow:
            document.querySelector('#batch').scrollWidth - document.querySelector('#batch').clientWidth,
        };
      });
      assert.ok(lines <= 2.1, `${lines} lines`);
      assert.match(end, /-007\.png$/);
      assert.equal(overflow, 0);
    } finally {
      await phone.close();
    }
  });

  it('opens a picture of the batch, and goes back to the table', async () => {
    await drop(page, TWO);
    await allDone();
    const before = await page.innerText('#batch');
    await page.click('.item:has-text("face.jpg")');
    assert.equal((await facePoints(page)).length, 68);
    assert.equal(await page.isVisible('#batch'), false);
    await page.click('#back');
    assert.equal(await page.isVisible('#batch'), true);
    assert.equal(await page.innerText('#batch'), before);
    assert.equal(await page.evaluate(() => document.getElementById('face').state), 'idle');
    // Stop has come under the pointer: at once, it would count as the second half of a double click, and be dropped.
    await page.waitForTimeout(600);
    await page.click('#stop');
    await page.click('#lose-results');
    assert.ok(await page.isVisible('#welcome'));
  });

  it('asks before another picture takes the place of a table, and saves from there', async () => {
    await drop(page, TWO);
    await allDone();
    await drop(page, [TWO[0]]);
    await page.waitForSelector('#question[open]', { timeout: 60_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-results')]);
    assert.match(readFileSync(await download.path(), 'utf8'), /face\.jpg/);
    assert.equal((await facePoints(page)).length, 68);
    assert.equal(await page.isVisible('#question'), false);
    await page.click('#stop');
    assert.ok(await page.isVisible('#welcome'), 'saved, and no table beside the picture');
  });

  it('works on while the example is shown, says so, and has the table still', async () => {
    let go;
    const gate = new Promise((resolve) => (go = resolve));
    let asked = false;
    await context.route(/weights/, async (route) => {
      const first = !asked;
      asked = true;
      if (first) await gate;
      await route.continue();
    });
    try {
      await drop(page, TWO);
      await page.waitForSelector('#batch-loading', { timeout: 60_000 });
      await page.click('#example');
      assert.equal((await facePoints(page)).length, 68);
      assert.match(await page.innerText('#batch-goes-on'), /table of pictures goes on/);
      go();
      await page.waitForSelector('#batch-goes-on', { state: 'detached', timeout: 120_000 });
      await page.click('#back');
      await allDone();
    } finally {
      go();
      await context.unroute(/weights/);
    }
  });

  it('comes back to the table from a picture that does not open', async () => {
    await drop(page, [...TWO, { name: 'notes.txt', type: 'text/plain', body: 'no picture' }]);
    await allDone();
    await page.click('.item:has-text("notes.txt")');
    await page.waitForSelector('#notice[data-code=input-invalid]');
    assert.match(await page.innerText('#notice-text'), /“notes\.txt” is not a picture/);
    await page.click('#back');
    assert.ok(await page.isVisible('#batch'));
    assert.equal(await page.isVisible('#notice'), false);
  });

  it('says that the model is loaded before a batch begins', async () => {
    let go;
    const gate = new Promise((resolve) => (go = resolve));
    await context.route(/weights/, async (route) => {
      await gate;
      await route.continue();
    });
    try {
      await drop(page, TWO);
      const bar = page.locator('#batch-loading');
      await bar.waitFor({ timeout: 60_000 });
      assert.match(await page.innerText('#batch header'), /Loading the model, once/);
      assert.equal(await bar.evaluate(({ position }) => position), -1, 'how much there is is not known yet');
      go();
      await allDone();
      assert.equal(await bar.count(), 0);
    } finally {
      go();
      await context.unroute(/weights/);
    }
  });

  it('tries a batch again that failed', async () => {
    await context.route(/weights/, (route) => route.abort());
    try {
      await drop(page, TWO);
      await page.waitForSelector('#notice[data-code=model-missing]', { timeout: 60_000 });
    } finally {
      await context.unroute(/weights/);
    }
    await page.click('#notice-button');
    await allDone();
  });

  it('opens a folder with what lies in it, however deep', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'face-keypoints-folder-'));
    try {
      await mkdir(join(folder, 'people/2026'), { recursive: true });
      await cp(join(root, 'public/example.jpg'), join(folder, 'people/2026/face.jpg'));
      await cp(join(root, 'public/icons/icon-512.png'), join(folder, 'people/logo-2.png'));
      await cp(join(root, 'public/icons/icon-512.png'), join(folder, 'people/logo-10.png'));
      await writeFile(join(folder, 'people/notes.txt'), 'not for the page');
      await dropPaths(page, [join(folder, 'people')]);
      await allDone();
      const rows = await page.locator('.item').evaluateAll((items) => items.map(({ title }) => title));
      assert.deepEqual(rows, ['people/2026/face.jpg', 'people/logo-2.png', 'people/logo-10.png']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('invites files to be dropped, and nothing else', async () => {
    const hinted = (fill) =>
      page.evaluate((fill) => {
        const dataTransfer = new DataTransfer();
        if (fill === 'file') dataTransfer.items.add(new File([''], 'a.jpg', { type: 'image/jpeg' }));
        else dataTransfer.setData(fill, 'https://example.org/');
        document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, dataTransfer }));
        return new Promise((resolve) =>
          setTimeout(() => resolve(document.getElementById('drop-hint') !== null)),
        );
      }, fill);
    assert.equal(await hinted('text/plain'), false);
    assert.equal(await hinted('text/uri-list'), false);
    assert.equal(await hinted('file'), true);
  });

  it('offers the camera where a comparison needs it', async () => {
    const model = join(root, 'public/models/resnet18');
    await page.setInputFiles(
      '#file',
      ['model.json', 'weights.bin'].map((name) => join(model, name)),
    );
    await page.waitForSelector('#stats', { timeout: 60_000 });
    await page.click('#details');
    await page.click('#tab-model');
    assert.equal(await page.locator('#compare').count(), 0);
    assert.match(await page.innerText('#compare-camera'), /^Camera\s+start it, to compare$/);
    assert.ok(await page.isEnabled('#compare-camera'));
  });

  it('runs a model of one’s own, without fetching another', async () => {
    const model = join(root, 'public/models/resnet18');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setInputFiles(
      '#file',
      ['model.json', 'weights.bin', 'card.md'].map((name) => join(model, name)),
    );
    assert.equal((await facePoints(page)).length, 68);
    assert.deepEqual(
      asked.filter((url) => /weights/.test(url)),
      [],
    );
    await page.click('#details');
    await page.click('#tab-model');
    assert.match(await page.innerText('#tab-panel'), /Your own\. It stays in this tab/);
    assert.ok(await page.isVisible('.card'));
  });

  it('shows a foreign card as text, whatever it holds', async () => {
    const model = join(root, 'public/models/resnet18');
    const card =
      '# Card\n\n<img src=x onerror="document.title=1">\n\n[bad](javascript:alert(1)) [good](https://example.org)';
    await page.setInputFiles('#file', [
      ...['model.json', 'weights.bin'].map((name) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: readFileSync(join(model, name)),
      })),
      { name: 'card.md', mimeType: 'text/markdown', buffer: Buffer.from(card) },
    ]);
    await page.click('#details');
    await page.click('#tab-model');
    await page.waitForSelector('.card h3');
    assert.equal(await page.locator('.card img').count(), 0);
    assert.deepEqual(await page.locator('.card a').evaluateAll((links) => links.map(({ href }) => href)), [
      'https://example.org/',
    ]);
  });
});

describe('a double click', () => {
  let browser, page;
  before(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    page = await (await browser.context()).newPage();
    await page.goto(browser.url);
  });
  after(() => browser?.close());
  const overlay = () => page.getAttribute('#face', 'overlay');

  it('does not hit what has come under the pointer', async () => {
    await page.dblclick('#example');
    await page.waitForSelector('#overlay');
    assert.equal(await overlay(), 'contours');
  });

  it('is two clicks on what stays', async () => {
    await page.click('#example');
    await page.waitForSelector('#stats', { timeout: 60_000 });
    await page.dblclick('#overlay');
    assert.equal(await overlay(), 'mesh');
    await page.click('#details');
    await page.click('#tab-view');
    await page.dblclick('.row:has(#mirror) > span');
    assert.equal(await page.isChecked('#mirror'), false);
  });
});

describe('two models beside one another', () => {
  let browser, page;
  before(async () => {
    browser = await openBrowser();
    page = await enter(await browser.context(), browser.url, 'compare');
  });
  after(() => browser?.close());

  it('follow the same settings, also those chosen later', async () => {
    const settings = (id) =>
      page.evaluate((id) => {
        const { overlay, mirror, maxFaces, smoothing } = document.getElementById(id);
        return { overlay, mirror, maxFaces, smoothing };
      }, id);
    const before = await settings('face');
    assert.deepEqual(await settings('other'), before);
    await page.click('#overlay');
    await page.click('#tab-view');
    await page.click('#mirror');
    await page.locator('#smoothing').fill('9');
    await page.selectOption('#max-faces', '8');
    const after = await settings('face');
    for (const [name, value] of Object.entries(before)) assert.notDeepEqual(after[name], value, name);
    assert.deepEqual(await settings('other'), after);
  });

  it('go on side by side with another camera, without loading a model again', async () => {
    const other = await page.evaluateHandle(() => document.getElementById('other'));
    const stream = await other.evaluateHandle(({ source }) => source);
    const tracker = await other.evaluateHandle(({ tracker }) => tracker);
    await page.selectOption('#camera-choice', 'camera-1');
    await page.waitForFunction(
      ([other, stream]) => other.source && other.source !== stream && other.faces.length > 0,
      [other, stream],
      { timeout: 90_000 },
    );
    assert.ok(
      await page.evaluate(
        (before) => before.getTracks().every(({ readyState }) => readyState === 'ended'),
        stream,
      ),
    );
    assert.ok(await page.evaluate((other) => other.source === document.getElementById('face').source, other));
    assert.ok(await page.evaluate(([other, tracker]) => other.tracker === tracker, [other, tracker]));
    assert.ok(await page.isVisible('#compare-names'));
    await page.click('#tab-model');
    await page.waitForSelector('#tab-panel dd:has-text("of the eye distance"):not(:has-text("–"))');
  });

  it('are one again when told, and the other is freed', async () => {
    const other = await page.evaluateHandle(() => document.getElementById('other'));
    assert.ok(await other.evaluate(({ tracker }) => tracker !== undefined));
    await page.click('#tab-model');
    await page.click('#compare');
    assert.deepEqual(
      await other.evaluate(({ tracker, isConnected }) => ({ loaded: tracker !== undefined, isConnected })),
      { loaded: false, isConnected: false },
    );
    await page.click('#compare');
    await page.waitForFunction(() => document.getElementById('other')?.faces.length, undefined, {
      timeout: 90_000,
    });
  });
});
