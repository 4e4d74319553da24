/** Files that do not open end nothing that is open: what is wrong is said beside it, until it is dismissed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { root } from '../../scripts/prepare.mjs';
import { openBrowser } from '../support/browser.mjs';
import { drop, dropPaths } from '../support/stand-ins.mjs';
import { enter } from '../support/states.mjs';

const NOTES = { name: 'notes.txt', type: 'text/plain', body: 'not a picture' };
const TORN = { name: 'torn.jpg', type: 'image/jpeg', body: 'not a picture' };
const VIDEO = { name: 'torn.webm', type: 'video/webm', body: 'not a video' };
const JSON_FILE = { name: 'model.json', type: 'application/json', url: 'models/lite/model.json' };
const WEIGHTS = { name: 'weights.bin', type: 'application/octet-stream', body: '' };

const WRONG = {
  'no picture': [[NOTES], /This file does not open.*JPEG, PNG/],
  'a torn picture': [[TORN], /This file does not open/],
  'a torn video': [[VIDEO], /This file does not open/],
  'many files, none a picture': [[NOTES, TORN], /These files do not open/],
  'model.json without its weights': [
    [JSON_FILE],
    /model is missing.*needs weights\.bin.*built-in model stays/,
  ],
  'weights alone': [[WEIGHTS], /no model\.json among the files/],
  'weights of another model': [[JSON_FILE, WEIGHTS], /does not run here.*built-in model stays/],
};

describe('beside a camera', () => {
  let browser, page, track;
  before(async () => {
    browser = await openBrowser();
    page = await enter(await browser.context(), browser.url, 'live');
    track = await page.evaluateHandle(() => document.getElementById('face').source.getVideoTracks()[0]);
  });
  beforeEach(async () => {
    // No click: soon after another it would count as the second half of a double click.
    await page.keyboard.press('Escape');
    await page.waitForSelector('#remark-close', { state: 'detached' });
  });
  after(() => browser?.close());

  const remark = async () => {
    await page.waitForSelector('#remark-close', { timeout: 60_000 });
    return (await page.innerText('#remark [role=status]')).replace(/\s+/g, ' ');
  };
  const focused = () => page.evaluate(() => document.activeElement.id);

  async function goesOn() {
    assert.equal(await track.evaluate(({ readyState }) => readyState), 'live');
    assert.equal(await page.evaluate(() => document.getElementById('face').state), 'running');
    assert.ok(
      await page.evaluate(
        (track) => document.getElementById('face').source.getVideoTracks()[0] === track,
        track,
      ),
    );
    assert.equal(await page.isVisible('#notice'), false);
  }

  for (const [name, [files, words]] of Object.entries(WRONG)) {
    it(`${name} is remarked on`, async () => {
      await drop(page, files);
      assert.match(await remark(), words);
      await goesOn();
    });
  }

  it('a folder without anything to open is remarked on', async () => {
    await dropPaths(page, [join(root, 'app/src/styles')]);
    assert.match(await remark(), /Nothing to open in there/);
    await goesOn();
  });

  it('the remark takes no focus, and its cross gives it back', async () => {
    await page.focus('#details');
    await drop(page, [NOTES]);
    await remark();
    assert.equal(await focused(), 'details');
    await page.focus('#remark-close');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#remark-close', { state: 'detached' });
    assert.equal(await focused(), 'details');
  });

  it('Escape closes the remark, and only then the panel', async () => {
    await page.click('#details');
    await drop(page, [NOTES]);
    await remark();
    await page.keyboard.press('Escape');
    await page.waitForSelector('#remark-close', { state: 'detached' });
    assert.ok(await page.isVisible('#panel'));
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#panel'), false);
  });

  it('a file that opens takes the place of the camera, and of the remark', async () => {
    await drop(page, [NOTES]);
    await remark();
    await drop(page, [{ name: 'face.jpg', type: 'image/jpeg', url: 'example.jpg' }]);
    await page.waitForSelector('#remark-close', { state: 'detached' });
    const ended = () => track.evaluate(({ readyState }) => readyState === 'ended');
    await until(ended, 'the camera goes off');
  });
});

async function until(holds, what) {
  for (const start = Date.now(); !(await holds()); await setTimeout(50))
    assert.ok(Date.now() < start + 30_000, what);
}

describe('a model that is tried beside a camera', () => {
  let browser, context, page, go;
  /** The trial waits for the example, and so does the next camera. */
  async function tryModel() {
    const gate = new Promise((resolve) => (go = resolve));
    await context.route(/example\.jpg/, async (route) => {
      await gate;
      await route.continue();
    });
    const before = page.workers().length;
    await drop(page, [JSON_FILE, { ...WEIGHTS, body: undefined, url: 'models/lite/weights.bin' }]);
    await page.waitForSelector('#trying');
    await until(() => page.workers().length === before + 1, 'it runs in a worker of its own');
    return before;
  }
  before(async () => {
    browser = await openBrowser();
    context = await browser.context();
    page = await enter(context, browser.url, 'live');
  });
  after(() => browser?.close());

  it('ends with Stop, and the next camera’s question is seen', async () => {
    const before = await tryModel();
    await page.click('#stop');
    await until(() => page.workers().length <= before, 'its worker is gone');
    await page.click('#camera');
    await page.waitForSelector('#asking');
    assert.equal(await page.isVisible('#trying'), false);
    go();
    await page.waitForSelector('#stats', { timeout: 60_000 });
    assert.doesNotMatch(await page.innerText('#stats'), /Your model/);
    await context.unroute(/example\.jpg/);
  });

  it('is used although the camera was changed meanwhile, whose question is seen', async () => {
    await tryModel();
    await page.click('#flip');
    await page.waitForSelector('#asking');
    go();
    await page.waitForSelector('#stats :text("Your model lite")', { timeout: 60_000 });
    assert.equal(await page.isVisible('#trying'), false);
  });
});

describe('beside other things', () => {
  let browser, context;
  before(async () => {
    browser = await openBrowser();
    context = await browser.context();
  });
  after(() => browser?.close());

  it('a table of pictures stays', async () => {
    const page = await enter(context, browser.url, 'batch');
    const before = await page.innerText('#batch');
    await drop(page, [WEIGHTS]);
    await page.waitForSelector('#remark-close');
    assert.equal(await page.innerText('#batch'), before);
    await drop(page, [NOTES, TORN]);
    await page.waitForSelector('#remark :text("These files do not open")');
    assert.equal(await page.innerText('#batch'), before);
    await page.close();
  });

  it('a model that does not run gives way to one’s own before it; one that runs is named and announced', async () => {
    const page = await enter(context, browser.url, 'own-model');
    await page.waitForSelector('#model-said:text-is("Your model resnet18 places the points.")', {
      state: 'attached',
    });
    // All files are there, and the graph is fine; but it does not say how crops are cut for it.
    await page.evaluate(async () => {
      const model = await (await fetch('models/lite/model.json')).json();
      model.userDefinedMetadata = { ...model.userDefinedMetadata, name: 'other', cropFactor: 0 };
      const data = new DataTransfer();
      data.items.add(new File([JSON.stringify(model)], 'model.json'));
      data.items.add(new File([await (await fetch('models/lite/weights.bin')).blob()], 'weights.bin'));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      );
    });
    await page.waitForSelector('#remark-close', { timeout: 60_000 });
    assert.match(await page.innerText('#remark'), /does not run here.*Your model resnet18 stays in use/s);
    assert.match(await page.innerText('#stats'), /Your model resnet18/);
    await drop(page, [JSON_FILE, { ...WEIGHTS, body: undefined, url: 'models/lite/weights.bin' }]);
    await page.waitForSelector('#model-said:text-is("Your model lite places the points.")', {
      state: 'attached',
      timeout: 60_000,
    });
    assert.match(await page.innerText('#stats'), /Your model lite/);
    await page.close();
  });
});
