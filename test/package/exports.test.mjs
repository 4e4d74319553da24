/** The package's face to the world: what `exports` promises is there, is typed, and stays small. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { formatMessage } from 'publint/utils';
import { publint } from 'publint';
import { ENTRY_LIMITS, measureEntry } from '../../scripts/entry-sizes.mjs';
import { root } from '../../scripts/prepare.mjs';

const run = promisify(execFile);
const sdk = join(root, 'sdk');
const manifest = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'));

test('every export is there, with its types before its code', () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    const files = typeof target === 'string' ? [target] : Object.values(target);
    for (const file of files) {
      if (file.includes('*')) assert.ok(readdirSync(join(sdk, file.replace('*', ''))).length > 0, name);
      else assert.ok(existsSync(join(sdk, file)), `${name}: ${file}`);
    }
    if (typeof target !== 'string') assert.equal(Object.keys(target)[0], 'types', name);
  }
});

test('each model lies there packed and plain, with its card, and says which it is', () => {
  const names = readdirSync(join(sdk, 'models')).sort();
  assert.deepEqual(names, ['blazeface', 'lite', 'resnet18']);
  for (const name of ['lite', 'resnet18']) {
    const folder = join(sdk, 'models', name);
    assert.deepEqual(readdirSync(folder).sort(), ['card.md', 'model.json', 'weights.bin', 'weights.gz.bin']);
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
    assert.equal(userDefinedMetadata.name, name);
    assert.deepEqual(userDefinedMetadata.gzip, { 'weights.bin': 'weights.gz.bin' });
  }
});

test('modules with side effects are listed, those that only hold classes are not among them', () => {
  for (const name of ['define', 'react', 'worker'])
    assert.ok(manifest.sideEffects.includes(`./dist/${name}.js`), name);
  for (const name of ['index', 'element'])
    assert.ok(!manifest.sideEffects.includes(`./dist/${name}.js`), name);
});

test('tfjs is a peer: the user has one copy', () => {
  for (const name of Object.keys(manifest.dependencies)) assert.ok(!name.startsWith('@tensorflow/'), name);
  for (const name of ['core', 'converter', 'backend-wasm', 'backend-webgl', 'backend-webgpu'])
    assert.match(manifest.peerDependencies[`@tensorflow/tfjs-${name}`], /^\^4\./);
  assert.equal(manifest.peerDependenciesMeta.react.optional, true);
});

test('publint has nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: sdk, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test('are-the-types-wrong has nothing to say', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'face-keypoints-types-'));
  try {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: sdk });
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const entries = ['.', './define', './element', './react', './worker'];
    // The package is for ES modules only, and for resolvers that know `exports`.
    const profile = ['--profile', 'esm-only', '--entrypoints', ...entries];
    await run(process.execPath, [attw, join(folder, stdout.trim()), ...profile]).catch((error) =>
      assert.fail(error.stdout || String(error)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

for (const { code, limit } of ENTRY_LIMITS) {
  test(`${code} adds at most ${limit / 1000} kB`, async (t) => {
    const bytes = await measureEntry(code);
    t.diagnostic(`${(bytes / 1000).toFixed(1)} kB`);
    assert.ok(bytes > 0 && bytes <= limit, `${bytes} bytes`);
  });
}
