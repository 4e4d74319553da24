/** The tarball, installed in an empty project, used in each of the ways that the README promises. */
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { root } from '../../scripts/prepare.mjs';
import { fixtures, installPacked, open, run, site } from './support.mjs';

const installed = await installPacked();
const { folder: project } = installed;
if (installed.skip) console.log(installed.skip);

describe('the packed package', { skip: installed.skip ?? false }, () => {
  after(() => installed.remove?.());

  describe('in plain Node', () => {
    const node = (...args) => run(process.execPath, args, { cwd: project });

    it('imports every entry, silently and without tfjs, as a server does that renders pages', async () => {
      const { exports } = JSON.parse(await readFile(join(root, 'sdk/package.json'), 'utf8'));
      const entries = Object.keys(exports).filter((name) => !name.includes('*') && !name.endsWith('.json'));
      assert.ok(entries.length >= 4);
      const imports = entries.map((name) => `await import('face-keypoints${name.slice(1)}');`).join('');
      const { stdout, stderr } = await node(
        '--input-type=module',
        '-e',
        `${imports} if (globalThis._tfengine || globalThis._tfGlobals) throw new Error('tfjs was loaded');`,
      );
      assert.deepEqual({ stdout, stderr }, { stdout: '', stderr: '' });
    });

    it('renders the React component on a server', async () => {
      const { stdout, stderr } = await node(
        '--input-type=module',
        '-e',
        `import { createElement } from 'react';
        import { renderToString } from 'react-dom/server';
        import { FaceKeypoints } from 'face-keypoints/react';
        console.log(renderToString(createElement(FaceKeypoints, { src: 'face.jpg' })));`,
      );
      assert.match(stdout, /^<face-keypoints/);
      assert.equal(stderr, '');
    });

    it('finds a face in pixels', async () => {
      const side = 320;
      const pixels = await sharp(join(root, 'public/example.jpg')).resize(side, side).ensureAlpha().raw();
      await writeFile(join(project, 'pixels.rgba'), await pixels.toBuffer());
      await cp(join(fixtures, 'node'), project, { recursive: true });
      const { stdout, stderr } = await node('detect.mjs', 'pixels.rgba', String(side));
      const { backend, model, faces } = JSON.parse(stdout.trim().split('\n').at(-1));
      assert.deepEqual({ backend, model }, { backend: 'wasm', model: 'resnet18' });
      assert.equal(faces.length, 1);
      assert.ok(faces[0].length === 136 && faces[0].every((value) => value > 0 && value < side));
      assert.equal(stderr, '');
    });

    it('has one copy of tfjs', async () => {
      const { stdout } = await run('npm', ['ls', '@tensorflow/tfjs-core', '--all', '--parseable'], {
        cwd: project,
      });
      assert.equal(new Set(stdout.trim().split('\n')).size, 1, stdout);
    });
  });

  it('is typed for TypeScript and React', async () => {
    // Not a .tsx in the repository, where its imports would mean the sources.
    await cp(join(fixtures, 'typescript/user.tsx.txt'), join(project, 'user.tsx'));
    const options = '--noEmit --strict --skipLibCheck --target es2022 --lib es2022,dom --module esnext';
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = `${options} --moduleResolution bundler --jsx react-jsx --types react user.tsx`.split(' ');
    await run(process.execPath, [tsc, ...args], { cwd: project }).catch(({ stdout }) => assert.fail(stdout));
  });

  describe('in a plain HTML page under a strict policy', () => {
    let opened, page;
    before(async () => {
      opened = await open(await site(project, 'plain'));
      page = opened.page;
    });
    after(() => opened?.close());

    it('shows the face, by one script tag', async () => {
      await page.waitForFunction(() => {
        const element = document.querySelector('face-keypoints');
        return element.faces?.length || element.error;
      });
      const { faces, error } = await page.evaluate(() => {
        const { faces, error } = document.querySelector('face-keypoints');
        return { faces: faces.length, error: error?.message };
      });
      assert.deepEqual({ faces, error }, { faces: 1, error: undefined });
    });

    it('computes in a worker', async () => {
      const result = await page.evaluate(async () => {
        const { createTracker, WorkerTracker } = await import('/face-keypoints/browser/index.js');
        const tracker = await createTracker();
        const faces = await tracker.detect(await (await fetch('/example.jpg')).blob());
        await tracker.close();
        const { name: model } = tracker.metadata;
        return { inWorker: tracker instanceof WorkerTracker, model, faces: faces.length };
      });
      assert.deepEqual(result, { inWorker: true, model: 'lite', faces: 1 });
    });

    it('has downloaded the light model alone, there being no GPU', () => {
      const models = opened.asked().flatMap((path) => path.match(/models\/([^/]+)\/.*\.bin$/)?.[1] ?? []);
      assert.deepEqual([...new Set(models)].sort(), ['blazeface', 'lite']);
    });

    it('violates nothing, asks nobody else and says nothing', async () => {
      assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
      assert.deepEqual(opened.elsewhere(), []);
      assert.deepEqual(opened.messages, []);
    });
  });

  describe('in a worker of one’s own, bundled by esbuild', () => {
    let opened;
    before(async () => {
      const folder = await site(project, 'own-worker');
      await build({
        entryPoints: [join(folder, 'worker.js')],
        outfile: join(folder, 'bundled.js'),
        bundle: true,
        format: 'esm',
        minify: true,
        logLevel: 'error',
      });
      opened = await open(folder);
    });
    after(() => opened?.close());

    it('finds the same face in an ImageBitmap and in an OffscreenCanvas', async () => {
      const { error, backend, fromBitmap, fromCanvas } = await opened.page.evaluate(async () => {
        const bitmap = await createImageBitmap(await (await fetch('/example.jpg')).blob());
        const worker = new Worker('/bundled.js', { type: 'module' });
        const answer = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
        worker.postMessage(bitmap, [bitmap]);
        const { fromBitmap, fromCanvas, ...rest } = await answer;
        worker.terminate();
        return { ...rest, fromBitmap: [...(fromBitmap ?? [])], fromCanvas: [...(fromCanvas ?? [])] };
      });
      assert.equal(error, undefined);
      assert.equal(backend, 'wasm');
      assert.equal(fromBitmap.length, 136);
      assert.deepEqual(fromCanvas, fromBitmap);
      assert.deepEqual([opened.elsewhere(), opened.messages], [[], []]);
    });
  });

  describe('in a React app built by Vite, without an address of any file', () => {
    let opened, page;
    before(async () => {
      const folder = join(project, 'vite-react');
      await cp(join(fixtures, 'vite-react'), folder, { recursive: true });
      const vite = join(root, 'node_modules/vite/bin/vite.js');
      await cp(join(root, 'public/example.jpg'), join(folder, 'public/example.jpg'), { recursive: true });
      const { stderr } = await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: folder });
      // The size of tfjs is no news.
      assert.doesNotMatch(stderr, /externalized|will remain unchanged|didn't resolve|Could not/i);
      opened = await open(join(folder, 'dist'));
      page = opened.page;
    });
    after(() => opened?.close());

    it('shows the face in StrictMode and hands it to the component', async () => {
      await page.waitForFunction(() => document.querySelector('output')?.textContent !== '{}');
      const { faces, width, error } = JSON.parse(await page.textContent('output'));
      assert.equal(error, undefined);
      assert.equal(faces, 1);
      assert.ok(width > 100);
    });

    it('computes in a worker, whose script the build has taken along', async () => {
      const { inWorker, faces } = await page.evaluate(() => globalThis.headless());
      assert.deepEqual({ inWorker, faces }, { inWorker: true, faces: 1 });
    });

    it('asks nobody else and says nothing', () => {
      assert.deepEqual([opened.elsewhere(), opened.messages], [[], []]);
    });
  });
});
