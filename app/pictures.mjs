/**
 * Pictures made by the page itself, to be committed: the points of the example (`public/example-points.svg`), the
 * manifest's screenshots and README's picture. Run after a change of the model, the example or the page, and once more
 * where the points have changed, as the welcome shows them: `node app/pictures.mjs`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { build, root } from '../scripts/prepare.mjs';
import { openBrowser } from '../test/support/browser.mjs';
import { enter } from '../test/support/states.mjs';

const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1280, height: 800 } };

if (!process.env.AS_BUILT) await build();
const screenshots = join(root, 'public/screenshots');
await mkdir(screenshots, { recursive: true });
const browser = await openBrowser();
try {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = await browser.context({ viewport, deviceScaleFactor: size === 'narrow' ? 2 : 1 });
    for (const state of ['welcome', 'measures']) {
      const page = await enter(context, browser.url, state);
      await page.screenshot({ path: join(screenshots, `${state}-${size}.jpg`), quality: 85 });
    }
    await context.close();
  }
  await writeFile(join(root, 'docs/screenshot.png'), await sideBySide());
  const context = await browser.context();
  // Of the accurate model, whatever this machine would get by itself.
  await context.addInitScript(() =>
    window.localStorage.setItem('settings', JSON.stringify({ model: 'resnet18' })),
  );
  const page = await enter(context, browser.url, 'picture');
  await writeFile(join(root, 'public/example-points.svg'), drawing(await faceOf(page)));
} finally {
  await browser.close();
}

/** The page on a desktop, dark, beside that on a phone, light. */
async function sideBySide() {
  const margin = 32;
  const height = 675;
  const desktop = await shot('measures', { width: 1440, height: 900 }, 'dark', { height, radius: 14 });
  const phone = await shot('live', { width: 390, height: 844 }, 'light', { height, radius: 28 });
  return sharp({
    create: {
      width: desktop.info.width + phone.info.width + 3 * margin,
      height: height + 2 * margin,
      channels: 3,
      background: '#8a8f88',
    },
  })
    .composite([
      { input: desktop.data, left: margin, top: margin },
      { input: phone.data, left: desktop.info.width + 2 * margin, top: margin },
    ])
    .png({ palette: true, effort: 10 })
    .toBuffer();
}

/** A state of the page with round corners, taken large and made small, so that its letters stay sharp. */
async function shot(state, viewport, colorScheme, { height, radius }) {
  const context = await browser.context({ viewport, colorScheme, deviceScaleFactor: 2 });
  const page = await enter(context, browser.url, state);
  // A face that is followed, and figures of more than the first frame.
  await page.waitForTimeout(3000);
  const picture = await page.screenshot();
  await context.close();
  const width = Math.round((height * viewport.width) / viewport.height);
  const corners = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" rx="${radius}"/></svg>`;
  return sharp(picture)
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: Buffer.from(corners), blend: 'dest-in' }])
    .png()
    .toBuffer({ resolveWithObject: true });
}

function faceOf(page) {
  return page.evaluate(async () => {
    const { width } = await createImageBitmap(await (await fetch('example.jpg')).blob());
    return { flat: [...document.getElementById('face').faces[0].keypoints], width };
  });
}

/** Lines along the face's parts, as the page draws them. */
function drawing({ flat, width }) {
  const at = (i) => `${Math.round(flat[2 * i])} ${Math.round(flat[2 * i + 1])}`;
  const line = ([start, end], close) =>
    `M${Array.from({ length: end - start }, (_, i) => at(start + i)).join('L')}${close ? 'z' : ''}`;
  const open = [
    [0, 17],
    [17, 22],
    [22, 27],
    [27, 31],
    [31, 36],
  ];
  const closed = [
    [36, 42],
    [42, 48],
    [48, 60],
    [60, 68],
  ];
  const path = [...open.map((part) => line(part, false)), ...closed.map((part) => line(part, true))].join('');
  const dots = Array.from({ length: 68 }, (_, i) => `M${at(i)}h0`).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" fill="none" stroke="#3df5a0" stroke-linecap="round" ` +
    `stroke-linejoin="round"><path stroke-width="5" d="${path}"/><path stroke-width="11" d="${dots}"/></svg>\n`
  );
}
