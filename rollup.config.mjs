/**
 * One build of everything: sdk/dist (the npm package, its dependencies left to the user's bundler), sdk/browser (the
 * same with everything inside) and, from what lies in sdk by then, dist/ (the installable page, complete: it loads
 * nothing from anywhere else).
 */
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import { rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import esbuild from 'rollup-plugin-esbuild';
import { assetUrls } from './scripts/rollup/asset-urls.mjs';
import { browserBuild } from './scripts/rollup/browser.mjs';
import { compressAll } from './scripts/rollup/compress.mjs';
import { copyPublic, copySdkAssets } from './scripts/rollup/assets.mjs';
import { docs } from './scripts/rollup/docs.mjs';
import { manifest } from './scripts/rollup/manifest.mjs';
import { page } from './scripts/rollup/page.mjs';
import { serviceWorker } from './scripts/rollup/service-worker.mjs';
import { types } from './scripts/rollup/types.mjs';

const path = (relative) => decodeURIComponent(new URL(relative, import.meta.url).pathname);

/** A build step as a rollup plugin: before anything is read, or after everything is written. */
const before = (run) => ({ name: 'before', buildStart: { order: 'pre', sequential: true, handler: run } });
const after = (run) => ({ name: 'after', writeBundle: { order: 'post', sequential: true, handler: run } });

/** The page is built from the sources of the SDK, so it cannot lag behind. */
const sdkSources = {
  name: 'sdk-sources',
  resolveId(id) {
    if (id === 'face-keypoints') return path('sdk/src/index.ts');
    if (id === 'face-keypoints/define') return path('sdk/src/define.ts');
    if (id === 'face-keypoints/react') return path('sdk/src/react.ts');
    return null;
  },
};

/** tfjs looks for these only when it runs in Node; a browser must not even see the import. */
const noNodeModules = {
  name: 'no-node-modules',
  resolveId: (id) => (isBuiltin(id) ? `\0empty:${id}` : null),
  load: (id) => (id.startsWith('\0empty:') ? 'export default {};' : null),
};

const quiet = {
  onwarn(warning, warn) {
    // tfjs has cycles of its own and marks no side effects; neither is news.
    if (warning.code === 'CIRCULAR_DEPENDENCY' || warning.code === 'THIS_IS_UNDEFINED') return;
    if (warning.code === 'EVAL' && warning.id?.includes('node_modules')) return;
    warn(warning);
  },
};

export default [
  {
    input: {
      ...Object.fromEntries(
        ['index', 'define', 'react', 'worker'].map((name) => [name, path(`sdk/src/${name}.ts`)]),
      ),
      element: path('sdk/src/element/index.ts'),
      node: path('sdk/src/node/index.ts'),
      cli: path('sdk/src/cli/main.ts'),
    },
    external: [/^@tensorflow\//, /^lit($|\/)/, /^@lit\/react$/, 'react', 'sharp', /^node:/],
    output: {
      dir: path('sdk/dist'),
      format: 'es',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      // For React's server components: this one runs in browsers.
      banner: ({ name }) => (name === 'react' ? "'use client';" : ''),
    },
    plugins: [
      before(() => rmSync(path('sdk/dist'), { recursive: true, force: true })),
      esbuild({ target: 'es2022', tsconfig: path('tsconfig.json') }),
      resolve({ browser: true, extensions: ['.ts', '.mjs', '.js'] }),
      after(async () => {
        await copySdkAssets(path('sdk'));
        await browserBuild(path('sdk'));
        await manifest(path('sdk'));
        await types(path('.'));
      }),
    ],
    ...quiet,
  },
  {
    input: { main: path('app/src/main.ts') },
    output: {
      dir: path('dist'),
      format: 'es',
      entryFileNames: 'assets/[name]-[hash].js',
      chunkFileNames: 'assets/[name]-[hash].js',
      assetFileNames: 'assets/[name]-[hash][extname]',
    },
    plugins: [
      before(() => rmSync(path('dist'), { recursive: true, force: true })),
      sdkSources,
      noNodeModules,
      assetUrls({ sdk: path('sdk'), chunks: { 'browser/worker.js': path('sdk/src/worker.ts') } }),
      ...docs(path('.')),
      esbuild({ target: 'es2022', minify: true, jsx: 'automatic', tsconfig: path('tsconfig.json') }),
      resolve({ browser: true, extensions: ['.ts', '.mjs', '.js'] }),
      commonjs(),
      page({ html: path('app/index.html'), css: path('app/src/styles/main.css') }),
      after(async () => {
        await copyPublic(path('dist'));
        await serviceWorker(path('dist'));
        await compressAll(path('dist'));
        writeFileSync(path('dist/.complete'), '');
      }),
    ],
    ...quiet,
  },
];
