/** Several faces: which one the measures tell of, and a file of one face holds. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { openBrowser } from '../support/browser.mjs';
import { enter } from '../support/states.mjs';

describe('several faces', () => {
  let browser, page;
  before(async () => {
    browser = await openBrowser();
    page = await enter(await browser.context(), browser.url, 'several-measures');
  });
  after(() => browser?.close());

  const chosen = () => page.locator('#face-numbers .chosen').innerText();
  /** Where a face lies across, px of the picture. */
  const across = (i) =>
    page.evaluate((i) => {
      const { x, width } = document.getElementById('face').faces[i].box;
      return [x, x + width];
    }, i);

  it('have numbers where they are seen', async () => {
    const misplaced = await page.evaluate(() => {
      const element = document.getElementById('face');
      const { left, top, width, height } = element.getBoundingClientRect();
      const video = element.shadowRoot.querySelector('video');
      const scale = Math.min(width / video.videoWidth, height / video.videoHeight);
      return [...document.querySelectorAll('#face-numbers span')].map((number, i) => {
        const { box } = element.faces[i];
        const middle = box.x + box.width / 2;
        const x = element.mirror ? video.videoWidth - middle : middle;
        const place = number.getBoundingClientRect();
        const faceLeft = left + width / 2 + (x - video.videoWidth / 2) * scale;
        const faceTop = top + height / 2 + (box.y - video.videoHeight / 2) * scale;
        return [place.left + place.width / 2 - faceLeft, place.bottom - faceTop].map(Math.abs);
      });
    });
    assert.equal(misplaced.length, 2);
    for (const [x, y] of misplaced) assert.ok(x < 6 && y < 16, `${x} and ${y} px off`);
  });

  it('are chosen by keyboard, in the tab and at the face', async () => {
    assert.equal(await chosen(), '1');
    await page.focus('#face-choice :checked');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('#face-numbers .chosen:text-is("2")');
    assert.equal(await page.inputValue('#face-choice :checked'), '2');
    assert.equal(await page.evaluate(() => document.activeElement.value), '2');
  });

  it('are saved one by one: the chosen one', async () => {
    await page.click('#tab-save');
    assert.match(await page.innerText('#save-pts'), /68 points of face 2/);
    assert.equal(await chosen(), '2');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-pts')]);
    const xs = [...readFileSync(await download.path(), 'utf8').matchAll(/^(-?[\d.]+) -?[\d.]+$/gm)].map(
      ([, x]) => Number(x),
    );
    assert.equal(xs.length, 68);
    const [[from, to], other] = [await across(1), await across(0)];
    for (const x of xs) assert.ok(x > from - 15 && x < to + 15, `${x} is not of ${from} to ${to}`);
    assert.ok(other[1] < from || other[0] > to, 'the faces lie side by side');
  });

  it('lose their numbers with the tab', async () => {
    await page.click('#panel-close');
    assert.equal(await page.locator('#face-numbers span').count(), 0);
  });
});
