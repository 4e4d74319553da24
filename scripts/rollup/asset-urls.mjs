/**
 * Does for the page what Vite and webpack do for the SDK's users: each `new URL('../FILE', import.meta.url)` of
 * sdk/src/assets.ts becomes a file of the build, named after its content. So versions never mix, and the service worker
 * keeps what the HTTP cache already has.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const FILE = /new URL\(\s*'\.\.\/([^']+)',\s*import\.meta\.url,?\s*\)\.href/g;

/** Each model has a `model.json`: with its folder, names tell them apart. */
const nameOf = (file) => basename(file.replace(/^models\/([^/]+)\//, '$1-'));

/** @param {{sdk: string, chunks: Record<string, string>}} options files that are not copied but built, from these sources */
export function assetUrls({ sdk, chunks }) {
  return {
    name: 'asset-urls',
    async transform(code, id) {
      if (id !== join(sdk, 'src/assets.ts')) return null;
      const references = new Map();
      for (const [, file] of code.matchAll(FILE)) {
        const source = chunks[file];
        references.set(
          file,
          source
            ? this.emitFile({ type: 'chunk', id: source, name: basename(file, '.js') })
            : this.emitFile({ type: 'asset', name: nameOf(file), source: await readFile(join(sdk, file)) }),
        );
      }
      return code.replace(FILE, (_, file) => `import.meta.ROLLUP_FILE_URL_${references.get(file)}`);
    },
  };
}
