/** `npm run bench`: runs tracked-frame.html in Chromium and prints ratios. After `npm run build`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/prepare.mjs';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../test/support/chromium.mjs';

const REFERENCE = 'face mesh';

if (!existsSync(join(root, 'sdk/browser/index.js'))) throw new Error('first type: npm run build');
// Without our own headers: isolated, `human` would start threads, and from `blob:` scripts, which they forbid.
const server = await serve({ root, port: 0, headers: {} });
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const failed = new Promise((_, reject) => page.on('pageerror', reject));
  await page.goto(new URL('sdk/bench/tracked-frame.html', server.url).href);
  const ready = page.waitForFunction(() => globalThis.times, undefined, { timeout: 300_000 });
  const times = await (await Promise.race([ready, failed])).jsonValue();
  console.log(
    'A tracked frame on wasm, one thread, in turns. Ratios hold; milliseconds are of this machine and moment.',
  );
  console.table(
    Object.entries(times).map(([name, own]) => {
      const ratios = own.map((time, round) => time / times[REFERENCE][round]);
      const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(ratios, share).toFixed(2));
      return {
        name,
        'median, ms': quantile(own, 0.5).toFixed(1),
        [`of ${REFERENCE}`]: middle,
        '10 to 90 %': `${low} to ${high}`,
      };
    }),
  );
} finally {
  await browser.close();
  await server.close();
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}
