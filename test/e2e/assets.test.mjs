/** The files behind the built page: each comes once, under a name of its content, and the worker may start. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { facePoints, openPage } from '../support/browser.mjs';

const hasModel = existsSync(join(root, 'dist/models/resnet18/model.json'));

describe('the page’s files', { skip: hasModel ? false : 'there is no trained model yet' }, () => {
  let opened, page;
  before(async () => {
    opened = await openPage();
    page = opened.page;
  });
  after(() => opened?.close());

  it('loads the weights once, although the service worker keeps them too', async () => {
    await page.setInputFiles('#file', join(root, 'public/example.jpg'));
    await facePoints(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const weights = opened.requests.filter((url) => /weights/.test(url)).sort();
    // The light model is the page's, on a machine without a GPU; the other one is kept for a visit that chooses it.
    assert.equal(weights.length, 2, weights.join(' '));
    assert.match(weights[0], /^\/assets\/lite-weights\.gz-[\w-]+\.bin$/);
    assert.match(weights[1], /^\/assets\/resnet18-weights\.gz-[\w-]+\.bin$/);
    const name = await page.evaluate(() => document.getElementById('face').tracker.metadata.name);
    assert.equal(name, 'lite');
  });

  it('runs the model that a person chose, at the next visit too, and shows its card', async () => {
    const runs = (name) =>
      page.waitForFunction(
        (name) => {
          const { faces, tracker } = document.getElementById('face');
          return faces.length && tracker?.metadata.name === name;
        },
        name,
        { timeout: 60_000 },
      );
    const setting = page.locator('label:has(> span:text-is("Model")) select');
    await page.click('#details');
    await page.click('#tab-view');
    await setting.selectOption('Accurate (ResNet-18)');
    await runs('resnet18');
    await page.click('#tab-model');
    await page.waitForSelector('h2:text("ResNet-18")');
    await page.reload();
    await page.click('#example');
    await runs('resnet18');
    await page.click('#details');
    await page.click('#tab-view');
    await setting.selectOption('Automatic');
    await page.click('#tab-model');
    await page.waitForSelector('h2:text("Light")');
    await page.waitForFunction(() => document.querySelector('.card')?.textContent.includes('lite'));
    await runs('lite');
  });

  it('says that a name of the content never changes, and that any other may', async () => {
    const cache = async (path) => {
      const { headers } = await fetch(new URL(path, opened.server.url), { method: 'HEAD' });
      return headers.get('cache-control');
    };
    const weights = readdirSync(join(root, 'dist/assets')).filter((name) => /weights.*\.bin$/.test(name));
    assert.equal(weights.length, 2);
    for (const name of weights) assert.match(await cache(`assets/${name}`), /immutable/);
    assert.equal(await cache('models/resnet18/model.json'), 'no-cache');
  });

  it('has a worker that the page’s policy lets start', async () => {
    const script = readdirSync(join(root, 'dist/assets')).find((name) => /^worker-.*\.js$/.test(name));
    const answer = await page.evaluate(async (url) => {
      const worker = new Worker(url, { type: 'module' });
      const answered = new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => data.type !== 'started' && resolve(data);
        worker.onerror = () => reject(new Error('the script did not start'));
      });
      worker.postMessage({ type: 'create', options: { backend: 'none', model: {}, detector: {} } });
      return answered.finally(() => worker.terminate());
    }, `assets/${script}`);
    assert.deepEqual([answer.type, answer.error.code], ['failed', 'option-invalid']);
  });
});
