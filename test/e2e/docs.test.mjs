/** The documentation as it is built into dist/docs: every page, every link, and the examples at work. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { LANDMARKS } from '../../docs/data/landmarks.mjs';
import { root } from '../../scripts/prepare.mjs';
import { EXAMPLES } from '../../scripts/rollup/docs/examples.mjs';
import { serve } from '../../scripts/serve.mjs';
import { openPage } from '../support/browser.mjs';
import { writeCamera } from '../support/camera.mjs';
import { findChromium, FLAGS } from '../support/chromium.mjs';

const dist = join(root, 'dist');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const hasModel = existsSync(join(dist, 'models/resnet18/model.json'));
const needsModel = hasModel ? false : 'there is no trained model in public/models/resnet18 yet';
const PAGES = readdirSync(join(dist, 'docs'), { recursive: true }).filter((name) => name.endsWith('.html'));
/** Without WebGPU in software, which takes seconds a picture. */
const ARGS = FLAGS.filter((flag) => !/webgpu|vulkan|swiftshader/i.test(flag));
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

let server, browser;
before(async () => {
  server = await serve({ root: dist, port: 0 });
  browser = await chromium.launch({ executablePath: findChromium(), args: ARGS });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** A page of its own, and what goes wrong on it: messages, and requests to another origin. */
async function open(file, { from = browser, ...options } = {}) {
  const context = await from.newContext({ serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(blob|data):/.test(request.url()))
      faults.push(request.url());
  });
  await context.addInitScript({ path: axe });
  await page.goto(`${server.url}docs/${file}`);
  return { page, faults, close: () => context.close() };
}

describe('each page of the documentation', () => {
  for (const file of PAGES) {
    it(`${file} is quiet, keeps to its own origin, has no fault that axe finds, and fits a phone`, async () => {
      const { page, faults, close } = await open(file, { viewport: DESK });
      try {
        for (const [viewport, colorScheme] of [
          [DESK, 'light'],
          [PHONE, 'dark'],
        ]) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(
            violations.map(
              ({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
            ),
            [],
          );
        }
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth <= globalThis.innerWidth),
          true,
        );
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await page.locator('nav.contents [aria-current=page]').count(), 1);
        assert.deepEqual(faults, []);
      } finally {
        await close();
      }
    });
  }

  it('links to pages, places and files that are there', () => {
    const sources = new Map(PAGES.map((file) => [file, readFileSync(join(dist, 'docs', file), 'utf8')]));
    const broken = [];
    for (const [file, html] of sources) {
      for (const [, address] of html.matchAll(/<(?:a|link|img|script)[^>]*? (?:href|src)="([^"]*)"/g)) {
        if (/^https:/.test(address)) continue;
        const [path, place] = address.split('#');
        const target = path ? join(dist, 'docs', dirname(file), path) : join(dist, 'docs', file);
        const page = sources.get(relative(join(dist, 'docs'), target));
        if (!existsSync(target) || (place && !page?.includes(` id="${place}"`)))
          broken.push(`${file}: ${address}`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok([...sources.keys()].includes('api.html'));
  });

  it('tells of the element’s types, and leads to them from its methods, properties and events', () => {
    const [api, element] = ['api', 'element'].map((name) =>
      readFileSync(join(dist, 'docs', `${name}.html`), 'utf8'),
    );
    for (const name of ['SnapshotOptions', 'ElementStats', 'ElementState', 'Face']) {
      assert.ok(api.includes(`<h3 id="${name}">`), `api.html: ${name}`);
      assert.ok(element.includes(`href="api.html#${name}"`), `element.html: ${name}`);
    }
    assert.ok(api.includes('<h3 id="FaceKeypointsEventDetails">'));
    assert.match(
      element.replace(/<[^>]+>/g, ''),
      /snapshot\(options\?: SnapshotOptions\): Promise&lt;Blob&gt;/,
    );
  });

  it('is read and gone through without scripts, by keyboard', async () => {
    const { page, close } = await open('index.html', { javaScriptEnabled: false, viewport: PHONE });
    try {
      await page.keyboard.press('Tab');
      assert.equal(await page.locator(':focus').textContent(), 'Skip to the text');
      const summary = page.locator('nav.contents summary');
      await summary.focus();
      await page.keyboard.press('Enter');
      await page.locator('nav.contents').getByRole('link', { name: 'Smoothing' }).press('Enter');
      await page.waitForURL(/smoothing\.html$/);
      assert.match(await page.locator('article').innerText(), /minCutoff/);
    } finally {
      await close();
    }
  });

  it('shows the contents on a desk without a click', async () => {
    const { page, close } = await open('index.html', { viewport: DESK });
    try {
      await page.locator('nav.contents').getByRole('link', { name: 'Errors' }).click();
      await page.waitForURL(/errors\.html$/);
    } finally {
      await close();
    }
  });
});

describe('the table of indices', () => {
  it('has each point once, and the mesh’s sides as ours', () => {
    assert.equal(LANDMARKS.length, 68);
    assert.equal(new Set(LANDMARKS.map(([, mesh]) => mesh)).size, 68);
    assert.ok(LANDMARKS.every(([, mesh]) => mesh >= 0 && mesh < 468));
    // Known from MediaPipe's own lists of edges: eye corners, lip corners, chin, tip of the nose.
    const known = { 36: 33, 39: 133, 42: 362, 45: 263, 48: 61, 54: 291, 60: 78, 64: 308, 8: 152, 30: 4 };
    for (const [index, mesh] of Object.entries(known)) assert.equal(LANDMARKS[index][1], mesh);
  });
});

describe('each live example', { skip: needsModel }, () => {
  let folder, withCamera, width, nose, seenByCamera;

  before(async () => {
    const picture = join(root, 'public/example.jpg');
    ({ width } = await sharp(picture).metadata());
    // Where app/example.svg, 960 px wide, has the nose's tip.
    nose = [480, 562].map((value) => (value * width) / 960);
    folder = await mkdtemp(join(tmpdir(), 'face-keypoints-docs-'));
    const clip = join(folder, 'camera.mjpeg');
    seenByCamera = (await writeCamera(clip, picture))(nose);
    withCamera = await chromium.launch({
      executablePath: findChromium(),
      args: [
        ...ARGS,
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${clip}`,
      ],
    });
  });
  after(async () => {
    await withCamera?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Waits until 68 points are told of, the nose's tip within 5 % of the picture's width of where it is. */
  const sees = (page, [x, y], size, prefix = '') =>
    page.waitForFunction(
      ([x, y, tolerance, prefix]) => {
        const said = document.querySelector('output')?.textContent ?? '';
        const found = said.match(/68 points, nose at (-?\d+), (-?\d+)/);
        return said.startsWith(prefix) && found && Math.hypot(found[1] - x, found[2] - y) < tolerance;
      },
      [x, y, 0.05 * size, prefix],
      { timeout: 60_000 },
    );

  for (const { name, files } of EXAMPLES) {
    it(`${name} finds the drawn face, then the camera’s after a click, without a message`, async () => {
      const { page, faults, close } = await open(`examples/${name}.html`, { from: withCamera });
      try {
        await sees(page, nose, width);
        await page.getByRole('button', { name: 'Camera on or off' }).click();
        await sees(page, seenByCamera, 640);
        assert.deepEqual(faults, []);
      } finally {
        await close();
      }
    });

    it(`${name} shows the source that runs`, async () => {
      const { page, close } = await open(`examples/${name}.html`, { javaScriptEnabled: false });
      try {
        const shown = await page.locator('.sources pre').allTextContents();
        const own = files.map((file) =>
          readFileSync(join(root, 'docs/examples', name, file), 'utf8').trimEnd(),
        );
        assert.deepEqual(shown.slice(0, -1), own);
      } finally {
        await close();
      }
    });
  }

  it('own-model runs a model that a person picked, and says what is missing', async () => {
    const { page, faults, close } = await open('examples/own-model.html');
    const model = join(root, 'public/models/resnet18');
    try {
      await sees(page, nose, width, 'Built-in model');
      await page.setInputFiles('#files', [join(model, 'model.json')]);
      await page.waitForFunction(() => document.querySelector('output').textContent.includes('weights.bin'));
      await page.setInputFiles('#files', [join(model, 'model.json'), join(model, 'weights.bin')]);
      await sees(page, nose, width, 'Your model');
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });

  it('works with the server gone, after one visit of the page', async () => {
    const opened = await openPage();
    try {
      await opened.page.evaluate(() => navigator.serviceWorker.ready);
      await opened.page.reload();
      const { url } = opened.server;
      await opened.server.close();
      await opened.page.goto(`${url}docs/landmarks.html`);
      assert.equal(await opened.page.locator('h1').textContent(), 'The 68 points');
      await opened.page.goto(`${url}docs/examples/react.html`);
      await sees(opened.page, nose, width);
    } finally {
      await opened.context.close();
      await opened.close().catch(() => undefined);
    }
  });
});
