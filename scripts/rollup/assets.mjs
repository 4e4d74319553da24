/** Files that travel as they are: our public folder, the face detector's model, the wasm binaries of tfjs. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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

async function copyModels(to) {
  const models = join(root, 'public/models');
  if (existsSync(models)) await cp(models, to, { recursive: true });
  await copyDetector(join(to, 'blazeface'));
}

export async function copySdkAssets(sdk) {
  await copyModels(join(sdk, 'models'));
  await copyWasm(join(sdk, 'wasm'));
}

export async function copyPublic(dist) {
  await cp(join(root, 'public'), dist, { recursive: true });
  await copyModels(join(dist, 'models'));
  await copyWasm(join(dist, 'wasm'));
}
