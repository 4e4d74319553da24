/** The built page in a real browser, with a server that remembers what it was asked for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/prepare.mjs';
import { serve } from '../../scripts/serve.mjs';
import { findChromium, FLAGS } from './chromium.mjs';

/** Software WebGPU takes seconds a picture; `auto` avoids it, and so do these flags. */
export const FAST_FLAGS = FLAGS.filter((flag) => !/webgpu|vulkan|swiftshader/i.test(flag));

/**
 * Opens the page in a profile of its own (a plain context counts as incognito, which cannot install pages).
 * `prepare` is given the page before it opens; `server.requests` holds every path asked for, `messages` what went wrong on the page's console.
 */
export async function openPage({ args = [], prepare, ...options } = {}) {
  const requests = [];
  const server = await serve({ root: join(root, 'dist'), port: 0, onRequest: (url) => requests.push(url) });
  const profile = await mkdtemp(join(tmpdir(), 'face-keypoints-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: [...FAST_FLAGS, ...args],
    headless: true,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const urls = [];
  const messages = [];
  context.on('request', (request) => urls.push(request.url()));
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => messages.push(String(error)));
  await prepare?.(page);
  await page.goto(server.url);
  return {
    page,
    context,
    server,
    requests,
    urls,
    messages,
    async close() {
      await context.close();
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * A browser without service worker for what needs many fresh pages: `context(options)` gives one of its own settings.
 * @returns {Promise<{url: string, context(options?: object): Promise<import('playwright-core').BrowserContext>, close(): Promise<void>}>}
 */
export async function openBrowser(args = []) {
  const server = await serve({ root: join(root, 'dist'), port: 0 });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...FAST_FLAGS, ...args],
    headless: true,
  });
  return {
    url: server.url,
    context: (options) => browser.newContext({ serviceWorkers: 'block', ...options }),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** The first face's points as `[x, y]` pairs, once there is a face. */
export async function facePoints(page, timeout = 60_000) {
  await page.waitForFunction(
    () =>
      document.querySelector('face-keypoints').faces.length > 0 || !document.getElementById('notice').hidden,
    undefined,
    { timeout },
  );
  return page.evaluate(() => {
    const element = document.querySelector('face-keypoints');
    if (!element.faces.length) throw new Error(`no face: ${element.error?.code} ${element.error?.message}`);
    const flat = [...element.faces[0].keypoints];
    return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
  });
}
