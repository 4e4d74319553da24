/** The keyboard alone reaches everything, and one sees where it is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openBrowser } from '../support/browser.mjs';
import { drop } from '../support/stand-ins.mjs';
import { enter } from '../support/states.mjs';

describe('the keyboard alone', () => {
  let browser, page;
  before(async () => {
    browser = await openBrowser();
    page = await enter(await browser.context(), browser.url, 'welcome');
  });
  after(() => browser?.close());

  /** Goes by Tab until it is round; every control in sight must have been there, and have shown that it has the focus. */
  async function walk(within = 'html') {
    await page.evaluate(() => (window.visited = new Set()));
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const { name, outline, again } = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return { name: 'BODY' };
        const again = window.visited.has(element);
        window.visited.add(element);
        const target = element.matches('.choices input') ? element.nextElementSibling : element;
        const { outlineStyle } = window.getComputedStyle(target);
        return { name: element.outerHTML, outline: outlineStyle, again };
      });
      // Out of the page, where the browser's own controls are.
      if (name === 'BODY') continue;
      if (again) break;
      assert.notEqual(outline, 'none', `${name} shows no focus`);
    }
    const { visited, missed } = await page.evaluate((within) => {
      const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
      const missed = [...document.querySelector(within).querySelectorAll(controls)].filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) &&
          !element.matches(':disabled, [tabindex="-1"], [type=radio]:not(:checked)') &&
          !window.visited.has(element),
      );
      return {
        visited: [...window.visited].map(({ id, name }) => id || name),
        missed: missed.map(({ outerHTML }) => outerHTML),
      };
    }, within);
    assert.deepEqual(missed, []);
    return visited;
  }

  const focused = () => page.evaluate(() => document.activeElement.id);

  it('reaches the bar', async () => {
    const seen = await walk();
    for (const id of ['open', 'example', 'camera', 'details'])
      assert.ok(seen.includes(id), `${id} in ${seen}`);
  });

  it('starts the example, keeps the focus in the bar, and leaves again', async () => {
    await page.focus('#example');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#stats', { timeout: 90_000 });
    assert.equal(await focused(), 'details');
    await page.focus('#stop');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'details');
  });

  it('starts no camera by a key that is held on Stop, and closes no table by one on Back', async () => {
    const leave = async (id) => {
      await page.focus('#example');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#stats', { timeout: 90_000 });
      await page.focus(id);
      // Pressed, and repeated by the keyboard.
      for (let i = 0; i < 3; i++) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      assert.equal(await focused(), 'details');
      assert.equal(await page.evaluate(() => document.getElementById('face').state), 'idle');
      assert.equal(await page.isVisible('#panel'), false, 'opened and closed again');
    };
    await page.evaluate(() => window.dispatchEvent(new window.Event('beforeinstallprompt')));
    await page.waitForSelector('#install');
    await leave('#stop');
    await drop(page, [
      { name: 'one.png', type: 'image/png', url: 'icons/icon-192.png' },
      { name: 'two.png', type: 'image/png', url: 'icons/icon-192.png' },
    ]);
    await page.waitForSelector('#batch :text("All done")', { timeout: 90_000 });
    await leave('#back');
    assert.ok(await page.isVisible('#batch'));
    await page.click('#stop');
    await page.click('#lose-results');
  });

  it('goes through the tabs by arrow keys and their controls by Tab, and Escape closes', async () => {
    await page.focus('#details');
    await page.keyboard.press('Enter');
    await page.focus('#tab-measures');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'tab-view');
    const seen = await walk();
    for (const id of ['overlay', 'mirror', 'smoothing', 'resolution', 'max-faces', 'panel-close'])
      assert.ok(seen.includes(id), `${id} in ${seen}`);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#panel'), false);
    assert.equal(await focused(), 'details');
  });

  it('goes on beside a panel that was closed', async () => {
    await page.focus('#details');
    await page.keyboard.press('Enter');
    await page.focus('#panel-close');
    await page.keyboard.press('Enter');
    assert.equal(await page.isVisible('#panel'), false);
    assert.equal(await focused(), 'details');
  });

  it('opens a row of a batch, goes back, and is at that row', async () => {
    await drop(page, [
      { name: 'one.png', type: 'image/png', url: 'icons/icon-192.png' },
      { name: 'two.png', type: 'image/png', url: 'icons/icon-192.png' },
    ]);
    await page.waitForSelector('#batch :text("All done")', { timeout: 90_000 });
    await page.focus('.item:has-text("two.png")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#batch', { state: 'hidden' });
    assert.equal(await focused(), 'back');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#batch');
    assert.match(await page.evaluate(() => document.activeElement.innerText), /two\.png/);
    await page.click('#stop');
    await page.click('#lose-results');
  });

  it('answers the question about unsaved results, which no held key does', async () => {
    await drop(page, [
      { name: 'one.png', type: 'image/png', url: 'icons/icon-192.png' },
      { name: 'two.png', type: 'image/png', url: 'icons/icon-192.png' },
    ]);
    await page.waitForSelector('#batch :text("All done")', { timeout: 90_000 });
    await page.click('#details');
    await page.focus('#stop');
    for (let i = 0; i < 3; i++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.equal(await focused(), 'question-title');
    const seen = await walk('#question');
    assert.deepEqual(seen, ['save-results', 'lose-results', 'keep-results']);
    await page.keyboard.press('Escape');
    await page.waitForSelector('#question', { state: 'hidden' });
    assert.equal(await focused(), 'stop');
    assert.ok(await page.isVisible('#panel'), 'Escape was the question’s alone');
    assert.ok(await page.isVisible('#batch'));
    await page.keyboard.press('Enter');
    await page.focus('#keep-results');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'stop');
    await page.keyboard.press('Enter');
    await page.focus('#lose-results');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#welcome');
    assert.equal(await focused(), 'details');
    await page.click('#panel-close');
  });

  it('goes on after a question whose button cannot take the focus back', async () => {
    const page = await enter(await browser.context(), browser.url, 'unsaved-recording');
    await page.evaluate(() =>
      document.getElementById('face').source.getVideoTracks()[0].dispatchEvent(new window.Event('ended')),
    );
    await page.waitForSelector('#record:disabled', { state: 'attached' });
    await page.keyboard.press('Escape');
    await page.waitForSelector('#question', { state: 'hidden' });
    await page.waitForFunction(() => document.activeElement !== document.body, undefined, { timeout: 5000 });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'details');
    await page.close();
  });

  it('is at the button of each message, and in the bar once it is answered', async () => {
    await page.context().route(/example\.jpg/, (route) => route.fulfill({ status: 404 }));
    await page.focus('#example');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#notice');
    await page.focus('#notice-button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'notice-button');
    await page.context().unroute(/example\.jpg/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#stats', { timeout: 90_000 });
    assert.equal(await focused(), 'details');
  });
});
