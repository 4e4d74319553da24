/**
 * What one frame costs while a face is followed, on wasm, one thread: our two networks and MediaPipe's face mesh as `human`
 * runs it, in turns on the same 640x480 canvas. Detectors rest in all three.
 */
import { Human } from '/node_modules/@vladmandic/human/dist/human.esm.js';
import { FaceTracker } from '/sdk/browser/index.js';

const WARM_UP = 10;
const ROUNDS = 60;

const picture = document.createElement('img');
picture.src = '/public/example.jpg';
await picture.decode();
const canvas = document.createElement('canvas');
canvas.width = 640;
canvas.height = 480;
canvas.getContext('2d').drawImage(picture, 80, 0, 480, 480);

async function ours(name) {
  const tracker = await FaceTracker.create({
    backend: 'wasm',
    model: `/sdk/models/${name}/model.json`,
    assets: '/sdk',
  });
  return {
    name,
    async run(round) {
      const faces = await tracker.track(canvas, (1000 * round) / 30);
      return faces.length === 1 && (round === 0 || tracker.timings.detect === 0);
    },
  };
}

async function faceMesh() {
  const off = { enabled: false };
  // `human` keeps its box between frames and finds it again after so many of them, or so long.
  const never = { skipFrames: 1e6, skipTime: 1e9 };
  const human = new Human({
    backend: 'wasm',
    wasmPath: '/sdk/wasm/',
    modelBasePath: '/node_modules/@vladmandic/human/models/',
    // As long as two frames differ by less (all of these are one picture), the box is kept; with 0 it never is.
    cacheSensitivity: 0.01,
    filter: off,
    body: off,
    hand: off,
    gesture: off,
    segmentation: off,
    object: off,
    face: {
      detector: { maxDetected: 1, rotation: true, ...never },
      mesh: { enabled: true },
      iris: off,
      attention: off,
      description: off,
      emotion: off,
    },
  });
  await human.load();
  return {
    name: 'face mesh',
    async run() {
      const { face } = await human.detect(canvas);
      return face[0]?.mesh.length === 468 && human.performance.cachedFrames > 0;
    },
  };
}

// `human` first: it leaves a global behind that its own start trips over otherwise.
const mesh = await faceMesh();
const contenders = [await ours('resnet18'), await ours('lite'), mesh];
const times = Object.fromEntries(contenders.map(({ name }) => [name, []]));
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const { name, run } of contenders) {
    const started = performance.now();
    const good = await run(round);
    if (round < WARM_UP) continue;
    if (!good) throw new Error(`${name} lost the face: nothing to compare`);
    times[name].push(performance.now() - started);
  }
}
globalThis.times = times;
