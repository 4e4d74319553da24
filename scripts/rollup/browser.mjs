/**
 * sdk/browser: the package with everything inside, for pages without a bundler. index.js and define.js share their
 * chunks; worker.js is one file, so that bundlers can carry it along like a picture.
 */
import { build } from 'esbuild';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function browserBuild(sdk) {
  const outdir = join(sdk, 'browser');
  await rm(outdir, { recursive: true, force: true });
  const source = (name) => join(sdk, 'src', `${name}.ts`);
  const options = {
    outdir,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    // Licences of what is inside, in NAME.js.LEGAL.txt.
    legalComments: 'linked',
    logLevel: 'error',
    tsconfig: join(sdk, '../tsconfig.json'),
  };
  await build({
    ...options,
    entryPoints: [source('index'), source('define')],
    splitting: true,
    chunkNames: '[name]-[hash]',
  });
  await build({ ...options, entryPoints: [source('worker')] });
  for (const name of ['index', 'define', 'worker'])
    await writeFile(join(outdir, `${name}.d.ts`), `export * from '../dist/${name}.js';\n`);
}
