/** `npm run kernels`: compiles sdk/assembly into the sources, so that nobody who builds the SDK needs to. */
import asc from 'assemblyscript/asc';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.mjs';

/** Where the bytes go. */
export const CONVOLUTION = join(root, 'sdk/src/runtime/integer/convolution.wasm.ts');

/** The module that holds the kernel's bytes, as source. */
export async function compileConvolution() {
  const bytes = {};
  const { error, stderr } = await asc.main(
    [
      'convolution.ts',
      ...['--outFile', 'convolution.wasm', '-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory'],
      ...['--baseDir', join(root, 'sdk/assembly')],
    ],
    { writeFile: (name, data) => void (bytes[name] = data) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const text = Buffer.from(bytes['convolution.wasm']).toString('base64');
  return `/** Compiled from \`sdk/assembly/convolution.ts\` by \`npm run kernels\`; base64. */
export const CONVOLUTION_WASM =
  '${text}';
`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(CONVOLUTION, await compileConvolution());
