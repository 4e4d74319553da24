/** The keyboard alone reaches everything, and one sees where it is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openBrowser } from '../support/browser.mjs';
import { enter } from '../support/states.mjs';

describe('the keyboard alone', () => {
  let browser, page;
  before(async () => {
    browser = await openBrowser();
    page = await enter(await browser.context(), browser.url, 'welcome');
  });
  after(() => browser?.close());

  /** What Tab comes by until it is round, by id; each must be seen to have the focus. */
  async function walk() {
    const seen = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const { id, outline } = await page.evaluate(() => {
        const element = document.activeElement;
        const target = element.matches('.choices input') ? element.nextElementSibling : element;
        return {
          id: element.id || element.name || element.tagName,
          outline: window.getComputedStyle(target).outlineStyle,
        };
      });
      if (id === 'BODY') continue;
      if (seen.includes(id)) break;
      assert.notEqual(outline, 'none', `${id} shows no focus`);
      seen.push(id);
    }
    return seen;
  }

  it('reaches the bar', async () => {
    const seen = await walk();
    for (const id of ['open', 'example', 'camera', 'details'])
      assert.ok(seen.includes(id), `${id} in ${seen}`);
  });

  it('starts the example, keeps the focus in the bar, and leaves again', async () => {
    await page.focus('#example');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#stats', { timeout: 90_000 });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'snapshot');
    await page.focus('#stop');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'camera');
  });

  it('goes through the tabs by arrow keys and their controls by Tab, and Escape closes', async () => {
    await page.focus('#details');
    await page.keyboard.press('Enter');
    await page.focus('#tab-measures');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-view');
    const seen = await walk();
    for (const id of ['overlay', 'mirror', 'smoothing', 'panel-close'])
      assert.ok(seen.includes(id), `${id} in ${seen}`);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#panel'), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'details');
  });
});
