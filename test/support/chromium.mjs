/** Finds a Chromium, and knows the flags with which it offers WebGPU in software. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** WebGPU on the processor: correct, and far too slow to be timed. */
export const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium's path, undefined where there is none. */
export function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH=${named} does not exist.`);
  }
  const fixed = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return fixed.find((path) => existsSync(path)) ?? inPlaywrightCache();
}

function inPlaywrightCache() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
  ];
  for (const cache of caches) {
    if (!cache || !existsSync(cache)) continue;
    for (const folder of readdirSync(cache)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort()
      .reverse()) {
      for (const inside of [
        'chrome-linux/chrome',
        'chrome-linux64/chrome',
        'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
      ]) {
        const path = join(cache, folder, inside);
        if (existsSync(path)) return path;
      }
    }
  }
  return undefined;
}

/** Finds a Chromium, or installs one where that needs no questions; else throws with what to type. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium found. Installing one for the tests …');
  const isRoot = process.getuid?.() === 0;
  const tries = [];
  if (process.platform === 'linux' && isRoot && existsSync('/etc/debian_version')) {
    tries.push(['apt-get', ['update', '-qq']], ['apt-get', ['install', '-y', '-qq', 'chromium']]);
  }
  for (const [command, args] of tries) spawnSync(command, args, { stdio: 'inherit' });
  if (!findChromium()) {
    try {
      execFileSync(
        process.execPath,
        ['node_modules/playwright-core/cli.js', 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium'],
        {
          stdio: 'inherit',
        },
      );
    } catch {
      // The message below says what is left to do.
    }
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'The browser tests need Chromium or Chrome, and it could not be installed from here. Install it and run npm test again:\n' +
      '  Debian, Ubuntu: sudo apt-get install chromium\n' +
      '  macOS:          brew install --cask chromium\n' +
      '  elsewhere:      npx playwright-core install chromium\n' +
      'or name one: CHROME_PATH=/path/to/chrome npm test',
  );
}
