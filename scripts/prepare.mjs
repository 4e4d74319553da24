/** What `npm start` and `npm test` need before they can begin: dependencies and a build, made only when stale. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** What the build reads. */
const INPUTS = [
  'sdk/src',
  'app',
  'docs',
  'public',
  'scripts/rollup',
  'scripts/serve.mjs',
  'rollup.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];
/** The build's last file. */
const BUILT = 'dist/.complete';

export async function install() {
  const installed = mtime(join(root, 'node_modules/.package-lock.json'));
  if (installed > 0 && installed >= mtime(join(root, 'package-lock.json'))) return;
  console.log(installed === 0 ? 'Installing dependencies (once) …' : 'Updating dependencies …');
  await run(npm, ['ci', '--no-audit', '--no-fund']);
}

export async function build() {
  const built = mtime(join(root, BUILT));
  if (built > 0 && INPUTS.every((input) => newest(join(root, input)) <= built)) return;
  console.log('Building …');
  const started = Date.now();
  await run(process.execPath, [
    join(root, 'node_modules/rollup/dist/bin/rollup'),
    '-c',
    'rollup.config.mjs',
    '--silent',
  ]);
  console.log(`Built in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** Runs a command with our own input and output; rejects unless it ends well. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      ...options,
    });
    // Whoever ends us ends what we started.
    const end = () => child.kill();
    process.once('exit', end);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')} failed (${signal ?? code})`));
    });
  });
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** The latest change under a path; folders count too, as their time tells of deleted files. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), own.mtimeMs);
}
