/** index.html with the hashed names of its script and its style sheet; the style sheet is external because of the CSP. */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { HEADERS } from '../serve.mjs';

/** The server's policy, for static servers that send none; a page cannot forbid frames by itself. */
export const POLICY = HEADERS['Content-Security-Policy']
  .split('; ')
  .filter((rule) => !rule.startsWith('frame-ancestors'))
  .join('; ');

export function page({ html, css }) {
  return {
    name: 'page',
    async buildStart() {
      this.addWatchFile(html);
      this.addWatchFile(css);
      const { outputFiles } = await build({
        entryPoints: [css],
        bundle: true,
        minify: true,
        write: false,
        logLevel: 'error',
      });
      this.emitFile({ type: 'asset', name: 'style.css', source: outputFiles[0].text });
    },
    async generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const main = files.find((file) => file.type === 'chunk' && file.name === 'main');
      const style = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
      const source = (await readFile(html, 'utf8'))
        .replace('%POLICY%', POLICY)
        .replace('%MAIN%', main.fileName)
        .replace('%STYLE%', style.fileName);
      this.emitFile({ type: 'asset', fileName: 'index.html', source });
    },
  };
}
