/** The SDK's own values (groups, codes, the mean face) for tables and figures, so that these cannot lag behind. */
import { build } from 'esbuild';
import { join } from 'node:path';

export async function loadSdk(root) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'sdk/src/index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['@tensorflow/*'],
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
