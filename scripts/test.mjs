/** `npm test`: everything, from a fresh clone. Ends with a line `N passed, N failed`. Arguments pick suites by name. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, run } from './prepare.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
const wanted = process.argv.slice(2);

const SUITES = {
  types: () => step([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit']),
  sdk: () => nodeTests('test/sdk'),
  training: () => nodeTests('test/training'),
  browser: browserTests,
  package: () => nodeTests('test/package', ['--test-concurrency=1']),
  e2e: () => nodeTests('test/e2e', ['--test-concurrency=1']),
};

try {
  const unknown = wanted.filter((name) => !(name in SUITES));
  if (unknown.length)
    throw new Error(`Unknown suite ${unknown.join(', ')}. Use: ${Object.keys(SUITES).join(', ')}.`);
  await install();
  const names = wanted.length ? wanted : Object.keys(SUITES);
  if (names.some((name) => ['browser', 'package', 'e2e'].includes(name))) {
    const { ensureChromium } = await import('../test/support/chromium.mjs');
    console.log(`Browser: ${ensureChromium()}`);
    await build();
  }
  for (const name of names) {
    console.log(`\n── ${name} ──`);
    const started = Date.now();
    await SUITES[name]();
    console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
} catch (error) {
  console.error(error.message);
  total.failed++;
}
if (total.skipped) console.log(`\n${total.skipped} skipped, each with its reason above`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

/** A command that counts as one test. */
async function step(args) {
  try {
    await run(process.execPath, args);
    total.passed++;
  } catch (error) {
    console.error(error.message);
    total.failed++;
  }
}

async function nodeTests(folder, options = []) {
  const files = testFiles(join(root, folder));
  if (!files.length) return console.log(`no tests in ${folder}`);
  const args = ['--import', 'tsx', '--test', '--test-reporter=spec', ...options, ...files];
  const { code, output } = await capture(process.execPath, args);
  const count = (name) => Number(output.match(new RegExp(`^. ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  total.passed += count('pass');
  total.skipped += count('skipped');
  total.failed += failed || (code === 0 ? 0 : 1);
  return undefined;
}

async function browserTests() {
  const totals = join(root, 'build/browser-tests/totals.json');
  rmSync(totals, { force: true });
  const runner = join(root, 'node_modules/@web/test-runner/dist/bin.js');
  const { code } = await capture(process.execPath, [
    runner,
    '--config',
    'test/browser/web-test-runner.config.mjs',
  ]);
  const counted = existsSync(totals)
    ? JSON.parse(readFileSync(totals, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  total.passed += counted.passed;
  total.skipped += counted.skipped;
  total.failed += counted.failed || (code === 0 ? 0 : 1);
}

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.test\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

/** Runs, shows and keeps what a command says. */
function capture(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
