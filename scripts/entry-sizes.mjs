/** What an import from the built SDK adds to a user's bundle: esbuild, tree-shaken, minified, gzip. */
import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './prepare.mjs';

/** Each with a ceiling in bytes, which the tests hold it to; what a bundler may split off, as the processor's kernels are, counts too. */
export const ENTRY_LIMITS = [
  { code: "export { FaceTracker } from 'face-keypoints';", limit: 29_500 },
  { code: "export { createTracker } from 'face-keypoints';", limit: 32_000 },
  { code: "export { estimatePose } from 'face-keypoints';", limit: 3_000 },
  { code: "export * from 'face-keypoints';", limit: 40_500 },
  { code: "import 'face-keypoints/define';", limit: 47_500 },
  { code: "export { FaceKeypointsElement } from 'face-keypoints/element';", limit: 47_500 },
  // No side effects: a bundler drops it.
  { code: "import 'face-keypoints/element';", limit: 50 },
  { code: "export { FaceKeypoints } from 'face-keypoints/react';", limit: 48_500 },
];

/** Bytes of an import's own code with Lit; tfjs, which comes in on first use and once a page, and React stay out. */
export async function measureEntry(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(root, 'sdk') },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    external: ['@tensorflow/*', 'react'],
    logLevel: 'error',
    // The published files, not the sources that the workspace's tsconfig names.
    tsconfigRaw: {},
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
