/** `npm run kernels`: compiles sdk/assembly into the sources, so that nobody who builds the SDK needs to. */
import asc from 'assemblyscript/asc';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.mjs';

/** The modules: what each is compiled from, what it needs, and where its bytes go. */
export const KERNELS = [
  { name: 'crop', folder: 'crop', features: ['simd'] },
  { name: 'convolution', folder: 'runtime/integer', features: ['simd'] },
  { name: 'dot-convolution', folder: 'runtime/integer', features: ['simd', 'relaxed-simd'] },
].map((kernel) => ({
  ...kernel,
  constant: `${kernel.name.toUpperCase().replaceAll('-', '_')}_WASM`,
  file: join(root, `sdk/src/${kernel.folder}/${kernel.name}.wasm.ts`),
}));

/** The module that holds a kernel's bytes, as source. */
export async function compileKernel({ name, constant, features }) {
  const bytes = {};
  const { error, stderr } = await asc.main(
    [
      `${name}.ts`,
      ...['--outFile', 'kernel.wasm', '-O3', '--runtime', 'stub', '--importMemory'],
      ...features.flatMap((feature) => ['--enable', feature]),
      ...['--baseDir', join(root, 'sdk/assembly')],
    ],
    { writeFile: (file, data) => void (bytes[file] = data) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const text = Buffer.from(bytes['kernel.wasm']).toString('base64');
  return `/** Compiled from \`sdk/assembly/${name}.ts\` by \`npm run kernels\`; base64. */
export const ${constant} =
  '${text}';
`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const kernel of KERNELS) writeFileSync(kernel.file, await compileKernel(kernel));
