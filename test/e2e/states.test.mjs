/** Every state that a person may see: its words and its button; and no barrier in it (axe-core), light and dark. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { openBrowser } from '../support/browser.mjs';
import { enter, STATES } from '../support/states.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('states of the page', () => {
  let browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  for (const [name, { shows }] of Object.entries(STATES)) {
    it(name, async () => {
      const context = await browser.context({ viewport: { width: 390, height: 844 }, bypassCSP: true });
      try {
        const page = await enter(context, browser.url, name);
        const said = await page.locator(shows.selector).first().innerText();
        assert.match(said.replace(/\s+/g, ' '), shows.text);
        if (shows.button) assert.equal((await page.innerText('#notice-button')).trim(), shows.button);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          // A page that is touched shows its controls.
          await page.mouse.move(200, 300);
          await page.mouse.move(201, 301);
          assert.deepEqual(await violations(page), [], colorScheme);
        }
      } finally {
        await context.close();
      }
    });
  }
});

async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
