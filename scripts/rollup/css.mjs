/** A style sheet with what it imports, in one file, minified. */
import { build } from 'esbuild';

export async function bundleCss(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}
