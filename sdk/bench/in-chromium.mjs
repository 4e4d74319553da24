/** Opens a page of this folder in Chromium and waits for the times that it takes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/prepare.mjs';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../test/support/chromium.mjs';

/**
 * @param {string} page with its query
 * @param {string[]} args of Chromium
 * @returns {Promise<Record<string, number[]>>} ms of each contender's rounds
 */
export async function timesOf(page, args) {
  if (!existsSync(join(root, 'sdk/browser/index.js'))) throw new Error('first type: npm run build');
  // Without our own headers: isolated, `human` would start threads, and from `blob:` scripts, which they forbid.
  const server = await serve({ root, port: 0, headers: {} });
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  try {
    const tab = await browser.newPage();
    const failed = new Promise((_, reject) => tab.on('pageerror', reject));
    await tab.goto(new URL(`sdk/bench/${page}`, server.url).href);
    const ready = tab.waitForFunction(() => globalThis.times, undefined, { timeout: 300_000 });
    return await (await Promise.race([ready, failed])).jsonValue();
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Prints the time of each contender whose name begins so as a share of the reference's in the same round. */
export function printRatios(times, reference, prefix = '') {
  const contenders = Object.entries(times).filter(([name]) => name.startsWith(prefix));
  console.table(
    contenders.map(([name, own]) => {
      const ratios = own.map((time, round) => time / times[reference][round]);
      const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(ratios, share).toFixed(2));
      return {
        name,
        'median, ms': quantile(own, 0.5).toFixed(1),
        [`of ${reference}`]: middle,
        '10 to 90 %': `${low} to ${high}`,
      };
    }),
  );
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}
