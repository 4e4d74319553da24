/** The shipped networks on stills moved along known paths: steady at rest, close behind in motion, ids that stay. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { FaceTracker, PointFilter, type Face } from '../../sdk/src/index.ts';
import {
  ease,
  pointsToFrame,
  pointsToSprite,
  readSprite,
  renderFrame,
  seeded,
  type Place,
  type Sprite,
} from '../support/moving-picture.mjs';
import { jitter, lag, tremble } from '../support/motion-measures.ts';

const root = new URL('../../', import.meta.url);
const detector = new URL('node_modules/@vladmandic/human/models/blazeface.json', root);
const model = new URL('public/models/resnet18/model.json', root);
const drawing = fileURLToPath(new URL('public/example.jpg', root));
const group = fileURLToPath(new URL('node_modules/@vladmandic/human/assets/samples.jpg', root));
const woman = { left: 256, top: 480, width: 126, height: 126 };
const skip = existsSync(model) ? false : 'no model in public/models/resnet18';
let tracker: FaceTracker;

before(async () => {
  if (!skip) {
    tracker = await FaceTracker.create({ model, detector, backend: 'wasm', maxFaces: 2, smoothing: false });
  }
});
after(() => tracker?.close());

/** Frames a second. */
const RATE = 30;
/** Rest, a fast shift, rest, a fast turn, rest: seconds. */
const REST = [0.7, 1.5] as const;
const SHIFT = [1.5, 1.8] as const;
const TURN = [2.1, 2.4] as const;
const END = 2.6;

/** Two to three face sizes a second at the shift's middle, 150 degrees a second at the turn's. */
const path = (t: number): Place => ({
  x: 130 + 60 * ease(t, ...SHIFT),
  y: 120,
  angle: 0.5 * ease(t, ...TURN),
  scale: 1,
});

test(
  'a face that rests is four times as steady; one that moves fast is followed within two frames',
  { skip },
  async (t) => {
    const sprite = await readSprite(group, { extract: woman, width: 189 });
    const random = seeded(5);
    const found: Face[] = [];
    const places: Place[] = [];
    const filter = new PointFilter();
    const smooth: Float32Array[] = [];
    tracker.reset();
    tracker.configure({ maxFaces: 1 });
    for (let i = 0; i < END * RATE; i++) {
      const time = i / RATE;
      const place = path(time);
      const frame = renderFrame([{ sprite, place }], { width: 320, height: 240, noise: 3, random });
      const [face] = await tracker.track(frame, 1000 * time);
      assert.ok(face, `lost at ${time} s`);
      found.push(face);
      places.push(place);
      // What the tracker does with smoothing (`tracking.test.ts`), without running the network twice.
      const size = Math.max(face.box.width, face.box.height);
      smooth.push(filter.filter(face.keypoints, size, 1000 * time, face.spread));
    }
    assert.equal(new Set(found.map(({ id }) => id)).size, 1);
    const raw = found.map(({ keypoints }) => keypoints);
    const [start, end] = REST.map((time) => time * RATE);
    const steadier = jitter(smooth.slice(start, end)) / jitter(raw.slice(start, end));
    const calmer = tremble(smooth.slice(start, end)) / tremble(raw.slice(start, end));
    const rest = mean(
      raw.slice(start, end).map((points, i) => pointsToSprite(points, sprite, places[start + i])),
    );
    const truth = places.map((place) => pointsToFrame(rest, sprite, place));
    const behind = [SHIFT, TURN].map(([from, to]) => lag(smooth, truth, from * RATE, (to + 0.1) * RATE));
    t.diagnostic(
      `jitter ${jitter(raw.slice(start, end)).toFixed(3)} px, smoothed ${steadier.toFixed(3)} of it`,
    );
    t.diagnostic(
      `frame to frame ${calmer.toFixed(3)} of it; behind by ${behind.map((n) => n.toFixed(2)).join(', ')} frames`,
    );
    assert.ok(steadier <= 0.25, `jitter at rest: ${steadier} of that without smoothing`);
    assert.ok(calmer <= 0.2, `change from frame to frame: ${calmer} of that without smoothing`);
    for (const frames of behind) assert.ok(frames <= 1, `${frames} frames behind`);
  },
);

test(
  'the crop goes ahead with a face at four face sizes a second: the detector need not find it again',
  { skip },
  async () => {
    const sprite = await readSprite(group, { extract: woman, mask: true });
    const random = seeded(2);
    const speed = 4 * 66;
    tracker.reset();
    tracker.configure({ maxFaces: 1 });
    for (let i = 0; i < 30; i++) {
      const time = i / RATE;
      const place = { x: 80 + speed * Math.max(0, time - 0.1), y: 80, angle: 0, scale: 1 };
      const frame = renderFrame([{ sprite, place }], { width: 400, height: 160, noise: 2, random });
      const [face] = await tracker.track(frame, 1000 * time);
      assert.ok(isAt(face, place), `at ${time} s`);
      if (i > 0) assert.equal(tracker.timings.detect, 0, `the detector ran at ${time} s`);
    }
  },
);

for (const front of ['drawing', 'woman'] as const) {
  test(`two faces cross, the ${front} in front: both keep their ids`, { skip }, async (t) => {
    const sprites: Record<string, Sprite> = {
      woman: await readSprite(group, { extract: woman, width: 130, mask: true }),
      drawing: await readSprite(drawing, {
        extract: { left: 240, top: 330, width: 800, height: 800 },
        width: 140,
        mask: true,
      }),
    };
    const names = front === 'drawing' ? ['woman', 'drawing'] : ['drawing', 'woman'];
    const random = seeded(3);
    tracker.reset();
    tracker.configure({ maxFaces: 2 });
    const ids: Record<string, (number | undefined)[]> = { woman: [], drawing: [] };
    const rate = 12;
    for (let i = 0; i <= 1.5 * rate; i++) {
      const time = i / rate;
      const x = 180 * Math.min(1, Math.max(0, (time - 0.2) / 1.2));
      const places: Record<string, Place> = {
        woman: { x: 70 + x, y: 100, angle: 0, scale: 1 },
        drawing: { x: 250 - x, y: 100, angle: 0, scale: 1 },
      };
      const layers = names.map((name) => ({ sprite: sprites[name], place: places[name] }));
      const frame = renderFrame(layers, { width: 320, height: 200, noise: 2, random });
      const faces = await tracker.track(frame, 1000 * time);
      for (const name of names) ids[name].push(faces.find((face) => isAt(face, places[name]))?.id);
    }
    for (const name of names) {
      t.diagnostic(`${name}: ${ids[name].map((id) => id ?? '-').join(' ')}`);
      assert.ok(ids[name][0], `${name} not found at first`);
      assert.equal(ids[name].at(-1), ids[name][0], `${name} has another id after crossing`);
    }
    assert.ok(!ids[front].includes(undefined), `the ${front} is in front and never lost`);
  });
}

const isAt = ({ box }: Face, { x, y }: Place): boolean =>
  Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 0.4 * box.width;

function mean(rows: readonly Float32Array[]): Float32Array {
  return rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
}
