/** Browser tests: bundled by esbuild (tfjs needs that), run in Chromium with software WebGPU and a test-pattern camera. */
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { build } from 'esbuild';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, FLAGS } from '../support/chromium.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const out = join(root, 'build/browser-tests-one');

rmSync(out, { recursive: true, force: true });
const bundle = await build({
  entryPoints: readdirSync(here)
    .filter((name) => process.env.ONE.split(',').includes(name))
    .map((name) => join(here, name)),
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: 'inline',
  logLevel: 'warning',
  tsconfig: join(root, 'tsconfig.json'),
  metafile: true,
});
const files = Object.keys(bundle.metafile.outputs).filter((file) => file.endsWith('.test.js'));

/** Leaves the totals where scripts/test.mjs finds them. */
const totals = () => ({
  onTestRunFinished({ sessions }) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const visit = (suite) => {
      for (const test of suite?.tests ?? [])
        count[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed']++;
      for (const inner of suite?.suites ?? []) visit(inner);
    };
    for (const session of sessions) {
      visit(session.testResults);
      if (session.errors.length && !session.passed && !count.failed) count.failed++;
    }
    writeFileSync(join(out, 'totals.json'), JSON.stringify(count));
  },
});

export default {
  rootDir: root,
  files: files.map((file) => join(root, file)),
  concurrency: 1,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
  browserStartTimeout: 60_000,
  testFramework: { config: { timeout: 60_000 } },
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findChromium(),
        args: [
          ...FLAGS,
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          '--js-flags=--expose-gc',
          '--enable-precise-memory-info',
        ],
      },
    }),
  ],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), totals()],
};
