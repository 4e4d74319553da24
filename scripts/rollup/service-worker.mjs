/**
 * `sw.js`: the page offline. Everything that a visit needs is on its list, is fetched once and kept; what it does beyond
 * is in app/src/pwa/service-worker.ts. Workbox's precaching is part of it, so that it loads nothing else.
 */
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getManifest } from 'workbox-build';

const SOURCE = decodeURIComponent(new URL('../../app/src/pwa/service-worker.ts', import.meta.url).pathname);

export async function serviceWorker(dist) {
  const { manifestEntries, warnings } = await getManifest({
    globDirectory: dist,
    // The two other wasm binaries serve browsers without SIMD and pages that allow threads: they load when needed. The
    // model's plain files under models/ are there to be downloaded; the page itself takes those under assets/.
    globPatterns: [
      'index.html',
      'manifest.webmanifest',
      'assets/*.{js,css,json,bin}',
      'assets/*-wasm-simd-*.wasm',
      'icons/*',
      'example*',
      'models/*/*.{md,txt}',
      'docs/**/*.html',
    ],
    globIgnores: ['**/*.{br,gz,map}'],
    maximumFileSizeToCacheInBytes: 64 * 2 ** 20,
    dontCacheBustURLsMatching: /^assets\//,
  });
  for (const warning of warnings) console.warn(`service worker: ${warning}`);
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { 'self.__WB_MANIFEST': JSON.stringify(manifestEntries), 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  await writeFile(join(dist, 'sw.js'), outputFiles[0].contents);
}
