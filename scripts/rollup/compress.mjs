/** Writes FILE.br and FILE.gz beside what is worth compressing, so that the server only has to pick one. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(html|js|css|json|webmanifest|svg|txt|md|bin|wasm)$/;
/** The page takes their packed twins. */
const LEFT_PLAIN = /[/\\]models[/\\].*[/\\]weights\.bin$/;

export async function compressAll(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (LEFT_PLAIN.test(file)) continue;
    const bytes = await readFile(file);
    // Quality 11 takes half a minute for the weights and gains them nothing.
    const quality = bytes.length > 2 ** 20 ? 6 : 11;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params }),
      promisify(gzip)(bytes),
    ]);
    if (br.length < bytes.length) await writeFile(`${file}.br`, br);
    if (gz.length < bytes.length) await writeFile(`${file}.gz`, gz);
  }
}
