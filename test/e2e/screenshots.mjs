/**
 * Pictures of every state at three sizes, light and dark, for eyes to look at: `node test/e2e/screenshots.mjs [STATE …]`.
 * They go to build/screenshots; SIZES=phone,tablet,desktop and THEMES=light,dark pick some.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build, root } from '../../scripts/prepare.mjs';
import { openBrowser } from '../support/browser.mjs';
import { enter, STATES } from '../support/states.mjs';

const ALL_SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
  turned: { width: 844, height: 390 },
};
const sizes = process.env.SIZES?.split(',') ?? ['phone', 'tablet', 'desktop'];
const themes = process.env.THEMES?.split(',') ?? ['light', 'dark'];
const states = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STATES);
const folder = join(root, 'build/screenshots');

if (!process.env.AS_BUILT) await build();
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const state of states) {
    for (const size of sizes) {
      const context = await browser.context({
        viewport: ALL_SIZES[size],
        deviceScaleFactor: size === 'phone' ? 2 : 1,
      });
      const page = await enter(context, browser.url, state);
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme });
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(folder, `${state}-${size}-${theme}.png`) });
      }
      await context.close();
    }
    console.log(state);
  }
} finally {
  await browser.close();
}
