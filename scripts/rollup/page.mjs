/** index.html with the hashed names of its script and its style sheet; the style sheet is external because of the CSP. */
import { readFile } from 'node:fs/promises';
import { HEADERS } from '../serve.mjs';
import { bundleCss } from './css.mjs';

/** The server's policy, for static servers that send none; a page cannot forbid frames by itself. */
export const POLICY = HEADERS['Content-Security-Policy']
  .split('; ')
  .filter((rule) => !rule.startsWith('frame-ancestors'))
  .join('; ');

export function page({ html, css }) {
  let style;
  return {
    name: 'page',
    async buildStart() {
      this.addWatchFile(html);
      this.addWatchFile(css);
      style = this.emitFile({ type: 'asset', name: 'style.css', source: await bundleCss(css) });
    },
    async generateBundle(_options, bundle) {
      const main = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'main');
      const source = (await readFile(html, 'utf8'))
        .replace('%POLICY%', POLICY)
        .replace('%MAIN%', main.fileName)
        .replace('%STYLE%', this.getFileName(style));
      this.emitFile({ type: 'asset', fileName: 'index.html', source });
    },
  };
}
