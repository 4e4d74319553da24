/** The SDK's .d.ts files. Their imports name .js files, as every consumer's resolver expects. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export async function types(root) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [
      tsc,
      '-p',
      join(root, 'scripts/rollup/tsconfig.types.json'),
    ]);
  } catch (error) {
    // A type error is `npm run check`'s business; the declarations are written all the same.
    console.warn(`declarations: ${error.stdout?.split('\n')[0] ?? error}`);
  }
  const dist = join(root, 'sdk/dist');
  for (const entry of await readdir(dist, { recursive: true })) {
    if (!entry.endsWith('.d.ts')) continue;
    const text = await readFile(join(dist, entry), 'utf8');
    await writeFile(join(dist, entry), text.replace(/(['"])(\.{1,2}\/[^'"]*)\.ts\1/g, '$1$2.js$1'));
  }
}
