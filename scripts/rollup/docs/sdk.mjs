/** The SDK's own values (groups, codes, the mean face) for tables and figures, so that these cannot lag behind. */
import { build } from 'esbuild';
import { join } from 'node:path';

export async function loadSdk(root) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'sdk/src/index.ts'), join(root, 'sdk/src/drawing/contours.ts')],
    outdir: 'memory',
    bundle: true,
    write: false,
    format: 'esm',
    external: ['@tensorflow/*'],
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'error',
  });
  const load = ({ contents }) =>
    import(`data:text/javascript;base64,${Buffer.from(contents).toString('base64')}`);
  const [index, contours] = await Promise.all(outputFiles.map(load));
  return { ...index, ...contours };
}
