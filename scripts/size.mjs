/** `npm run size`: what a first visit downloads, in brotli, from the built dist/. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, root } from './prepare.mjs';

await build();
const dist = join(root, 'dist');
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !/\.(br|gz)$|^\.complete$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const over = (file) => statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;

const GROUPS = [
  ['page (html, css, icons, example)', /^(index\.html|manifest|icons\/|example|assets\/.*\.css)/],
  ['scripts, every backend', /^assets\/.*\.js$/],
  ['service worker', /^sw\.js$/],
  ['face detector', /^models\/blazeface\/.*(json|bin|txt)$/],
  ['landmark model', /^models\/resnet18\/.*(json|bin|md)$/],
  ['wasm binary (SIMD)', /^wasm\/.*-wasm-simd\.wasm$/],
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
