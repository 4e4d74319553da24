/** `npm run bench:webgpu [-- --gpu]`: runs recorded-run.html in Chromium and prints ratios. After `npm run build`. */
import { build } from 'esbuild';
import { join } from 'node:path';
import { root } from '../../scripts/prepare.mjs';
import { FLAGS } from '../../test/support/chromium.mjs';
import { printRatios, timesOf } from './in-chromium.mjs';

const onGpu = process.argv.includes('--gpu');
await build({
  entryPoints: [join(root, 'sdk/bench/recorded-run.ts')],
  outdir: join(root, 'build/bench'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
});
const times = await timesOf(
  onGpu ? 'recorded-run.html?gpu' : 'recorded-run.html',
  onGpu ? FLAGS.filter((flag) => !flag.includes('swiftshader')) : FLAGS,
);
console.log(
  onGpu
    ? 'A run of one crop on the GPU, in turns.'
    : 'What it costs to give the GPU one crop, nothing being computed, in turns. Ratios hold; milliseconds are of this moment.',
);
for (const name of ['resnet18', 'lite']) printRatios(times, `${name}, by tfjs`, name);
