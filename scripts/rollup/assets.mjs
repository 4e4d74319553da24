/** Files that are not built: our public folder, the models, the wasm binaries of tfjs. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const require = createRequire(import.meta.url);
const root = decodeURIComponent(new URL('../..', import.meta.url).pathname);

const WASM = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
];

function packageFolder(name) {
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json')) || !folder.endsWith(name)) folder = dirname(folder);
  return folder;
}

/** BlazeFace as it ships in `@vladmandic/human` (MIT; the model itself is MediaPipe's, Apache-2.0). */
async function copyDetector(to) {
  const human = join(root, 'node_modules/@vladmandic/human');
  await mkdir(to, { recursive: true });
  await writeFile(
    join(to, 'model.json'),
    JSON.stringify(JSON.parse(await readFile(join(human, 'models/blazeface.json'), 'utf8'))),
  );
  await cp(join(human, 'models/blazeface.bin'), join(to, 'blazeface.bin'));
  const licence = await readFile(join(human, 'LICENSE'), 'utf8');
  await writeFile(
    join(to, 'LICENSE.txt'),
    `BlazeFace (back camera) by Google MediaPipe, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0).\n` +
      `Converted to tfjs and published in @vladmandic/human under these terms:\n\n${licence}`,
  );
}

async function copyWasm(to) {
  const from = join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist');
  await mkdir(to, { recursive: true });
  for (const name of WASM) await cp(join(from, name), join(to, name));
}

const MODELS = join(root, 'public/models');

/** Those that were trained here. */
const ownModels = async () => (existsSync(MODELS) ? readdir(MODELS) : []);

async function copyModels(to) {
  for (const name of await ownModels()) await cp(join(MODELS, name), join(to, name), { recursive: true });
  await copyDetector(join(to, 'blazeface'));
}

/**
 * Packs the weights of a model: `weights.gz.bin` beside `weights.bin`, named in `userDefinedMetadata.gzip`. Servers pack
 * no `.bin` by themselves.
 */
async function addGzipTwins(folder) {
  const file = join(folder, 'model.json');
  const model = JSON.parse(await readFile(file, 'utf8'));
  const paths = model.weightsManifest.flatMap((group) => group.paths);
  const twins = Object.fromEntries(paths.map((path) => [path, path.replace(/\.bin$/, '.gz.bin')]));
  for (const [path, twin] of Object.entries(twins))
    await writeFile(
      join(folder, twin),
      await promisify(gzip)(await readFile(join(folder, path)), { level: 9 }),
    );
  model.userDefinedMetadata = { ...model.userDefinedMetadata, gzip: twins };
  await writeFile(file, JSON.stringify(model));
}

export async function copySdkAssets(sdk) {
  for (const folder of ['models', 'wasm']) await rm(join(sdk, folder), { recursive: true, force: true });
  await copyModels(join(sdk, 'models'));
  for (const name of await ownModels()) await addGzipTwins(join(sdk, 'models', name));
  await copyWasm(join(sdk, 'wasm'));
}

export async function copyPublic(dist) {
  await cp(join(root, 'public'), dist, { recursive: true });
  await copyModels(join(dist, 'models'));
  await copyWasm(join(dist, 'wasm'));
}
