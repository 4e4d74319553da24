/**
 * The documentation, built with the page into dist/docs: text from docs/guide and docs/recipes, the reference from
 * docstrings and the element's manifest, and docs/examples, which run. The examples share the page's chunks, models and
 * policy. They are written as users would write them; templates are compiled here, as the policy forbids `eval`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import svelte from 'rollup-plugin-svelte';
import vue from 'unplugin-vue/rollup';
import { bundleCss } from './css.mjs';
import { EXAMPLES, entryOf } from './docs/examples.mjs';
import { renderSite } from './docs/site.mjs';

/** @param {string} root folder of the repository @returns {import('rollup').Plugin[]} for the page's build */
export function docs(root) {
  const isCustomElement = (tag) => tag === 'face-keypoints';
  return [
    vue({
      include: /docs\/examples\/.*\.vue$/,
      isProduction: true,
      template: { compilerOptions: { isCustomElement } },
    }),
    svelte({ include: 'docs/examples/**/*.svelte', emitCss: false, compilerOptions: { dev: false } }),
    production,
    workerUrls(join(root, 'docs/examples')),
    site(root),
  ];
}

/** What frameworks ask to tell a build for users from one for their own debugging. */
const production = {
  name: 'docs-production',
  transform(code, id) {
    if (!/node_modules\/(react|react-dom|scheduler|@?vue|svelte|esm-env)\//.test(id)) return null;
    return code
      .replaceAll('process.env.NODE_ENV', '"production"')
      .replaceAll('__VUE_PROD_DEVTOOLS__', 'false')
      .replaceAll('__VUE_PROD_HYDRATION_MISMATCH_DETAILS__', 'false')
      .replaceAll('__VUE_OPTIONS_API__', 'false');
  },
};

const SCRIPT = /new URL\('(\.\/[^']+\.js)', import\.meta\.url\)/g;

/** A script that an example names by `new URL('./…', import.meta.url)` is a chunk of its own, as with Vite and webpack. */
function workerUrls(folder) {
  return {
    name: 'docs-worker-urls',
    transform(code, id) {
      if (!id.startsWith(folder)) return null;
      return code.replace(SCRIPT, (_, file) => {
        const reference = this.emitFile({ type: 'chunk', id: join(id, '..', file) });
        return `import.meta.ROLLUP_FILE_URL_${reference}`;
      });
    },
  };
}

function site(root) {
  const scripts = new Map();
  return {
    name: 'docs-site',
    buildStart() {
      for (const { name } of EXAMPLES) {
        const id = join(root, 'docs/examples', name, entryOf(name));
        scripts.set(name, this.emitFile({ type: 'chunk', id, name: `example-${name}` }));
      }
    },
    async generateBundle() {
      const code = await bundleCss(join(root, 'docs/style.css'));
      const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8);
      const style = `assets/docs-${hash}.css`;
      this.emitFile({ type: 'asset', fileName: style, source: code });
      const scriptOf = (name) => this.getFileName(scripts.get(name));
      for (const [file, source] of await renderSite({ root, style, scriptOf }))
        this.emitFile({ type: 'asset', fileName: `docs/${file}`, source });
    },
  };
}
