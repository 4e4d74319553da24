/** Installed, offline, updated: and never a request that is not needed. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { facePoints, openPage } from '../support/browser.mjs';
import { drop, standInCamera } from '../support/stand-ins.mjs';

const ready = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50));
  });

/** A worker's script as a deploy between the page and its worker would give it: it does not hold the page's script. */
const otherVersion = (worker) =>
  worker
    .replace(/assets\/main-[\w-]+\.js/g, 'assets/style-other.css')
    .replace(/\{[^{}]*style-other\.css[^{}]*\},?/, '');

describe('the page offline', () => {
  let opened, page;

  before(async () => {
    opened = await openPage({ prepare: (page) => standInCamera(page, 'face') });
    page = opened.page;
  });
  after(() => opened?.close());

  it('is installable', async () => {
    await ready(page);
    const session = await opened.context.newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, []);
  });

  it('names only pictures that exist, of the size that it says', async () => {
    const manifest = JSON.parse(readFileSync(join(root, 'public/manifest.webmanifest'), 'utf8'));
    const pictures = [...manifest.icons, ...manifest.screenshots].filter(({ sizes }) => sizes !== 'any');
    for (const { src, sizes } of pictures) {
      const size = await page.evaluate(async (src) => {
        const { width, height } = await createImageBitmap(await (await fetch(src)).blob());
        return `${width}x${height}`;
      }, src);
      assert.equal(size, sizes, src);
    }
  });

  it('sends nothing anywhere while it tracks', async () => {
    await page.click('#camera');
    await facePoints(page);
    const asked = opened.requests.length;
    await page.waitForTimeout(6000);
    // Chromium itself looks for a new sw.js once, some seconds after the page started its worker; the page asks for nothing.
    const since = opened.requests.slice(asked);
    if (since.includes('/sw.js')) since.splice(since.indexOf('/sw.js'), 1);
    assert.deepEqual(since, []);
    const origin = new URL(opened.server.url).origin;
    const elsewhere = opened.urls.filter(
      (url) => !url.startsWith(origin) && !/^(blob:|data:|about:)/.test(url),
    );
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(opened.messages, []);
  });

  it('works with the server gone: camera, example, batch, model card', async () => {
    await ready(page);
    await opened.server.close();
    await page.reload();
    await page.click('#camera');
    assert.equal((await facePoints(page)).length, 68);
    await page.click('#stop');
    await page.click('#example');
    assert.equal((await facePoints(page)).length, 68);
    await page.click('#details');
    await page.click('#tab-model');
    await page.waitForSelector('.card');
    await page.click('#panel-close');
    await drop(page, [
      { name: 'one.jpg', type: 'image/jpeg', url: 'example.jpg' },
      { name: 'two.png', type: 'image/png', url: 'icons/icon-512.png' },
    ]);
    await page.waitForSelector('#batch :text("All done, 1 face found")', { timeout: 120_000 });
  });

  it('has both models with the server gone', async () => {
    for (const model of ['resnet18', 'lite']) {
      await page.evaluate(
        (model) => window.localStorage.setItem('settings', JSON.stringify({ model })),
        model,
      );
      await page.reload();
      await page.click('#example');
      assert.equal((await facePoints(page)).length, 68);
      const name = await page.evaluate(() => document.getElementById('face').tracker.metadata.name);
      assert.equal(name, model);
    }
  });

  it('takes a shared picture without any server', async () => {
    await page.goto(new URL('?start=none', opened.server.url).href);
    // What the system sends; the page's own policy would hinder a form.
    const answer = await page.evaluate(async () => {
      const body = new window.FormData();
      const picture = await (await fetch('example.jpg')).blob();
      body.append('media', new File([picture], 'shared.jpg', { type: 'image/jpeg' }));
      return (await fetch('share-target', { method: 'POST', body, redirect: 'manual' })).type;
    });
    assert.equal(answer, 'opaqueredirect');
    await page.goto(new URL('?shared', opened.server.url).href);
    await page.waitForFunction(() => document.getElementById('face')?.faces?.length, undefined, {
      timeout: 90_000,
    });
    assert.equal((await facePoints(page)).length, 68);
    assert.equal(new URL(page.url()).search, '');
  });
});

describe('the first visit', () => {
  it('promises to work offline only once all of it is here', async () => {
    const words = (page) => page.innerText('#welcome');
    let go;
    const gate = new Promise((resolve) => (go = resolve));
    const opened = await openPage({
      prepare: async (page) => {
        await page.context().route(/weights/, async (route) => {
          await gate;
          await route.continue();
        });
      },
    });
    try {
      const { page, context } = opened;
      await page.waitForSelector('#welcome h1');
      assert.match(await words(page), /Once all of it is downloaded, it works offline too/);
      go();
      await page.waitForSelector('#welcome :text("Nothing is uploaded, and it works offline.")', {
        timeout: 60_000,
      });
      await context.setOffline(true);
      assert.match(await page.innerText('#offline'), /You are offline\. Everything works/);
    } finally {
      go();
      await opened.close();
    }
  });

  it('works with the server gone before anything was started', async () => {
    const opened = await openPage();
    try {
      await ready(opened.page);
      await opened.server.close();
      await opened.page.click('#example');
      assert.equal((await facePoints(opened.page)).length, 68);
    } finally {
      await opened.close();
    }
  });

  it('is not taken over by a worker of another version', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    writeFileSync(worker, otherVersion(original));
    const opened = await openPage();
    try {
      await opened.page.evaluate(() => navigator.serviceWorker.ready);
      await opened.page.waitForTimeout(1000);
      assert.equal(await opened.page.evaluate(() => navigator.serviceWorker.controller), null);
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });
});

describe('an update', () => {
  it('waits until the person agrees', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    const opened = await openPage();
    try {
      const { page } = opened;
      await ready(page);
      await page.reload();
      assert.equal(await page.isVisible('#update'), false);
      writeFileSync(worker, `${original}\n// a newer version`);
      await page.reload();
      await page.waitForSelector('#update', { timeout: 60_000 });
      await Promise.all([page.waitForEvent('load'), page.click('#update')]);
      await page.waitForTimeout(1000);
      assert.equal(await page.isVisible('#update'), false);
      assert.ok(await page.isVisible('#welcome'));
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });

  it('takes every tab along, that of the first visit too', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    const opened = await openPage();
    try {
      const { page: first, context, server } = opened;
      await ready(first);
      await first.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const second = await context.newPage();
      await second.goto(server.url);
      writeFileSync(worker, `${original}\n// a newer version`);
      await second.reload();
      await second.waitForSelector('#update', { timeout: 60_000 });
      const reloaded = first.waitForEvent('load', { timeout: 30_000 });
      await second.click('#update');
      await reloaded;
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });

  it('asks in the page about what is not saved; another tab may stay, and reload later', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    const opened = await openPage();
    try {
      const { page: first, context, server } = opened;
      const fill = async (page) => {
        await drop(page, [
          { name: 'one.png', type: 'image/png', url: 'icons/icon-192.png' },
          { name: 'two.png', type: 'image/png', url: 'icons/icon-192.png' },
        ]);
        await page.waitForSelector('#batch :text("All done")', { timeout: 90_000 });
        // Browsers ask only where somebody has done something.
        await page.click('#details');
        await page.click('#panel-close');
      };
      await ready(first);
      const second = await context.newPage();
      await second.goto(server.url);
      await fill(first);
      await fill(second);
      const questions = { first: 0, second: 0 };
      first.on('dialog', (dialog) => (questions.first++, dialog.dismiss()));
      second.on('dialog', (dialog) => (questions.second++, dialog.accept()));
      writeFileSync(worker, `${original}\n// a newer version`);
      await second.evaluate(async () => (await navigator.serviceWorker.ready).update());
      for (const page of [first, second]) await page.waitForSelector('#update', { timeout: 60_000 });

      await second.click('#update');
      await second.click('#keep-results');
      assert.ok(await second.isVisible('#batch'));
      // At once, it would count as the second half of a double click.
      await second.waitForTimeout(500);
      const stays = first.waitForEvent('dialog', { timeout: 30_000 });
      await second.click('#update');
      await Promise.all([second.waitForEvent('load'), stays, second.click('#lose-results')]);
      assert.deepEqual(questions, { first: 1, second: 0 });
      await second.waitForSelector('#welcome');

      assert.ok(await first.isVisible('#batch'), 'it has stayed');
      await first.click('#update');
      await Promise.all([first.waitForEvent('load', { timeout: 30_000 }), first.click('#lose-results')]);
      assert.deepEqual(questions, { first: 1, second: 0 });
      await first.waitForSelector('#welcome');
      assert.equal(await first.isVisible('#update'), false);
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });

  it('takes along a page that was loaded past its worker, which other tabs have', async () => {
    const worker = join(root, 'dist/sw.js');
    const original = readFileSync(worker, 'utf8');
    writeFileSync(worker, otherVersion(original));
    const opened = await openPage();
    try {
      const { page: under, context, server } = opened;
      const controlled = (page) => page.evaluate(() => navigator.serviceWorker.controller !== null);
      await under.evaluate(() => navigator.serviceWorker.ready);
      await under.reload();
      assert.equal(await controlled(under), true);
      const past = await context.newPage();
      await past.goto(server.url);
      // By Shift and reload; the worker does not take it back, as it is of another version.
      const session = await context.newCDPSession(past);
      await Promise.all([past.waitForEvent('load'), session.send('Page.reload', { ignoreCache: true })]);
      writeFileSync(worker, original);
      // The browser looks for it by itself, but not so soon.
      await past.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await past.waitForSelector('#update', { timeout: 60_000 });
      assert.equal(await controlled(past), false);
      const loads = { under: 0, past: 0 };
      under.on('load', () => loads.under++);
      past.on('load', () => loads.past++);
      await Promise.all([
        under.waitForEvent('load', { timeout: 30_000 }),
        past.waitForEvent('load', { timeout: 30_000 }),
        past.click('#update'),
      ]);
      await past.waitForTimeout(1000);
      assert.deepEqual(loads, { under: 1, past: 1 });
      for (const page of [under, past]) {
        assert.equal(await page.isVisible('#update'), false);
        assert.equal(await controlled(page), true);
      }
      assert.deepEqual(opened.messages, []);
    } finally {
      writeFileSync(worker, original);
      await opened.close();
    }
  });
});
