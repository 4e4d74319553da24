/**
 * `npm run bench`: what one frame costs while a face is followed (crop, network, smoothing), on wasm, one thread, in turns
 * with MediaPipe's face mesh on the same engine, of which the network alone is timed. Ratios hold; the
 * milliseconds are this machine's.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { FaceTracker } from '../src/index.ts';
import { pictureReader } from '../src/node/pictures.ts';

const ROUNDS = 40;
const WARM_UP = 5;

const root = new URL('../../', import.meta.url);
const human = dirname(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')));
/** As large as a camera's frame. */
const frame = await sharp(fileURLToPath(new URL('public/example.jpg', root)))
  .resize(640, 480, { fit: 'contain' })
  .toBuffer();
const picture = await (await pictureReader())(frame);

/** One thing that is timed. */
interface Contender {
  readonly name: string;
  run(round: number): Promise<void>;
}

async function ours(name: string): Promise<Contender | undefined> {
  const model = new URL(`public/models/${name}/model.json`, root);
  if (!existsSync(model)) return undefined;
  const detector = pathToFileURL(join(human, 'models/blazeface.json'));
  const tracker = await FaceTracker.create({ backend: 'wasm', model, detector });
  await tracker.track(picture, 0);
  return {
    name,
    async run(round) {
      const [face] = await tracker.track(picture, 33 * (round + 1));
      if (!face || tracker.timings.detect > 0) throw new Error(`${name} lost the face: nothing to compare`);
    },
  };
}

async function faceMesh(): Promise<Contender> {
  const folder = join(human, 'models');
  const { modelTopology, weightsManifest } = JSON.parse(
    await readFile(join(folder, 'facemesh.json'), 'utf8'),
  ) as { modelTopology: object; weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[] };
  const bytes = await readFile(join(folder, 'facemesh.bin'));
  const model = await loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
        weightData: new Uint8Array(bytes).buffer,
      }),
  });
  const input = tf.zeros([1, ...(model.inputs[0].shape ?? []).slice(1)]);
  return {
    name: 'face mesh, network alone',
    async run() {
      const outputs = model.execute(input) as tf.Tensor | tf.Tensor[];
      await Promise.all([outputs].flat().map((output) => output.data()));
      tf.dispose(outputs);
    },
  };
}

const contenders = [await ours('resnet18'), await ours('lite'), await faceMesh()].filter(
  (contender) => contender !== undefined,
);
const times = contenders.map((): number[] => []);
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const [i, contender] of contenders.entries()) {
    const started = performance.now();
    await contender.run(round);
    if (round >= WARM_UP) times[i].push(performance.now() - started);
  }
}
const reference = times[times.length - 1];
console.table(
  contenders.map(({ name }, i) => {
    const ratios = times[i].map((time, round) => time / reference[round]);
    const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(ratios, share).toFixed(2));
    return {
      name,
      'median ms': quantile(times[i], 0.5).toFixed(1),
      'of face mesh': middle,
      '10 to 90 %': `${low} to ${high}`,
    };
  }),
);

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}
