/** The packed package in a project of its own, as a user has it, and pages made with it in Chromium. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/prepare.mjs';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../support/chromium.mjs';

export const run = promisify(execFile);
export const fixtures = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');

/** The strictest policy that the package promises to work under. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "style-src 'self'; img-src 'self' blob:; media-src 'self' blob:";

/**
 * Packs the SDK and installs it with React in an empty project.
 * @returns {Promise<{folder: string, remove(): Promise<void>} | {skip: string}>} `skip`: neither npm's cache nor its
 *   registry has what it needs
 */
export async function installPacked() {
  const folder = await mkdtemp(join(tmpdir(), 'face-keypoints-user-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: join(root, 'sdk'),
    });
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const dependencies = {
      'face-keypoints': `file:./${stdout.trim()}`,
      react: devDependencies.react,
      'react-dom': devDependencies['react-dom'],
    };
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'user', private: true, type: 'module', dependencies }),
    );
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...options], { cwd: folder, timeout: 120_000 });
    return { folder, remove };
  } catch (error) {
    await remove();
    const said = `${error.stderr ?? ''}${error.message}`;
    if (!/ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|network|SIGTERM/.test(said)) throw error;
    return { skip: `npm can install nothing here: ${said.split('\n')[0]}` };
  }
}

/** A fixture's files, the example face and, under face-keypoints/, the installed package, in a folder to serve. */
export async function site(project, fixture) {
  const folder = join(project, `site-${fixture}`);
  await cp(join(fixtures, fixture), folder, { recursive: true });
  await cp(join(root, 'public/example.jpg'), join(folder, 'example.jpg'));
  await cp(join(project, 'node_modules/face-keypoints'), join(folder, 'face-keypoints'), {
    recursive: true,
  });
  return folder;
}

/** Opens a served folder. `asked`: every path, of workers too; `elsewhere`: what other servers were asked for; `messages`: errors and warnings of page and console. */
export async function open(folder) {
  const asked = [];
  const headers = { 'Content-Security-Policy': POLICY };
  const server = await serve({ root: folder, port: 0, headers, onRequest: (path) => asked.push(path) });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const urls = [];
  const messages = [];
  page.on('request', (request) => urls.push(request.url()));
  page.on('pageerror', (error) => messages.push(String(error)));
  page.on('console', (message) => {
    // Chromium's own word on a machine without a graphics chip.
    if (message.text() === 'No available adapters.') return;
    if (['error', 'warning'].includes(message.type())) messages.push(message.text());
  });
  await page.goto(server.url);
  return {
    page,
    messages,
    asked: () => asked,
    elsewhere: () => urls.filter((url) => !url.startsWith(server.url) && !/^(blob|data):/.test(url)),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
