/** A module of the SDK's sources, run here: tables and manifests made from its own values cannot lag behind. */
import { build } from 'esbuild';

export async function importSource(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['@tensorflow/*'],
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
