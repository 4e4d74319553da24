/**
 * The page offline: everything that a visit needs is fetched once and kept. A new version waits until the person agrees
 * (the page says that there is one), so a running camera is never pulled away. Workbox's runtime is part of sw.js.
 */
import { join } from 'node:path';
import { generateSW } from 'workbox-build';

export async function serviceWorker(dist) {
  const { warnings } = await generateSW({
    globDirectory: dist,
    // The two other wasm binaries serve browsers without SIMD and pages that allow threads: they load when needed. The
    // model's plain files under models/ are there to be downloaded; the page itself takes those under assets/.
    globPatterns: [
      'index.html',
      'manifest.webmanifest',
      'assets/*.{js,css,json,bin}',
      'assets/*-wasm-simd-*.wasm',
      'icons/*',
      'example.*',
      'models/*/*.{md,txt}',
    ],
    globIgnores: ['**/*.{br,gz,map}'],
    maximumFileSizeToCacheInBytes: 64 * 2 ** 20,
    dontCacheBustURLsMatching: /^assets\//,
    swDest: join(dist, 'sw.js'),
    inlineWorkboxRuntime: true,
    sourcemap: false,
    cleanupOutdatedCaches: true,
    clientsClaim: true,
    skipWaiting: false,
  });
  for (const warning of warnings) console.warn(`service worker: ${warning}`);
}
