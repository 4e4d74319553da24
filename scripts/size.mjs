/** `npm run size`: what a first visit downloads, in brotli, from the built dist/; and what each entry of the SDK adds to a bundle. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ENTRY_LIMITS, measureEntry } from './entry-sizes.mjs';
import { build, root } from './prepare.mjs';

await build();
const dist = join(root, 'dist');
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !/\.(br|gz)$|^\.complete$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const over = (file) => statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;

/** What the page takes of a model; the plain files beside its card are there to be downloaded. */
const ofModel = (name) => new RegExp(`^assets/${name}-.*\\.(json|bin)$|^models/${name}/.*\\.(md|txt)$`);

const GROUPS = [
  ['page (html, css, icons, example)', /^(index\.html|manifest|icons\/|example|assets\/(?!docs-).*\.css)/],
  ['scripts, every backend', /^assets\/(?!example-|describe-|tracker\.worker-|_commonjs).*\.js$/],
  [
    'documentation and its examples',
    /^docs\/|^assets\/(docs|example|describe|tracker\.worker|_commonjs)[^/]*$/,
  ],
  ['service worker', /^sw\.js$/],
  ['detector', ofModel('blazeface')],
  ['landmark model resnet18', ofModel('resnet18')],
  ['landmark model lite', ofModel('lite')],
  ['wasm binary (SIMD)', /^assets\/.*-wasm-simd-.*\.wasm$/],
];

let sum = 0;
for (const [name, pattern] of GROUPS) {
  const bytes = files
    .filter((file) => pattern.test(relative(dist, file)))
    .reduce((total, file) => total + over(file), 0);
  sum += bytes;
  console.log(`${name.padEnd(36)} ${(bytes / 1000).toFixed(0).padStart(8)} kB`);
}
console.log(`${'all that is kept for offline use'.padEnd(36)} ${(sum / 1000).toFixed(0).padStart(8)} kB`);

console.log('\nan import from the SDK, minified, gzip (without tfjs and React, which the page has once):');
for (const { code, limit } of ENTRY_LIMITS) {
  const bytes = await measureEntry(code);
  console.log(`${code.padEnd(60)} ${(bytes / 1000).toFixed(1).padStart(6)} kB of ${limit / 1000}`);
}
