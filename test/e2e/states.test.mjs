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

describe('layout', () => {
  let browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  /** A page in a state, at a size, for one look. */
  async function look(name, viewport, measure) {
    const context = await browser.context({ viewport });
    try {
      return await (await enter(context, browser.url, name)).evaluate(measure);
    } finally {
      await context.close();
    }
  }

  it('holds welcome and panel beside one another on a phone on its side', async () => {
    const overflow = await look('welcome-details', { width: 844, height: 390 }, () =>
      ['#welcome', '[role=tablist]'].map((selector) => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.querySelector(selector);
        return [selector, scrollWidth - clientWidth, scrollHeight - clientHeight];
      }),
    );
    assert.deepEqual(overflow, [
      ['#welcome', 0, 0],
      ['[role=tablist]', 0, 0],
    ]);
  });

  it('keeps the readout within a low picture beside the panel', async () => {
    for (const name of ['several-measures', 'compare']) {
      const { flip, stats, stage } = await look(name, { width: 844, height: 390 }, () => {
        const right = (id) => document.getElementById(id).getBoundingClientRect().right;
        return { flip: right('flip'), stats: right('stats'), stage: right('stage') };
      });
      assert.ok(flip <= stage, `${name}: the button ends at ${flip}, the picture at ${stage}`);
      assert.ok(stats <= flip - 44, `${name}: figures end at ${stats}, under the button`);
    }
  });

  it('lays the offer of an update over no word and no picture', async () => {
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 390, height: 600 },
      { width: 844, height: 390 },
    ]) {
      const { offer, welcome } = await look('update', viewport, () => ({
        offer: document.getElementById('update-offer').getBoundingClientRect().bottom,
        welcome: document.getElementById('welcome').getBoundingClientRect().top,
      }));
      assert.ok(
        welcome >= offer,
        `${viewport.width}: welcome begins at ${welcome}, the offer ends at ${offer}`,
      );
    }
  });

  it('hovers only where something can hover', async () => {
    const { loose, hovering } = await look('welcome', { width: 390, height: 844 }, () => {
      const flat = (rules, media = '') =>
        [...rules].flatMap((rule) =>
          rule.selectorText
            ? [[rule.selectorText, media]]
            : flat(rule.cssRules ?? [], `${media} ${rule.conditionText ?? ''}`),
        );
      const rules = [...document.styleSheets]
        .flatMap((sheet) => flat(sheet.cssRules))
        .filter(([selector]) => selector.includes(':hover'));
      return {
        hovering: rules.length,
        loose: rules.filter(([, media]) => !/hover:\s*hover/.test(media)).map(([selector]) => selector),
      };
    });
    assert.ok(hovering > 0);
    assert.deepEqual(loose, []);
  });
});

async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
