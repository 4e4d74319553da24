import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { FaceTracker, PointFilter, regionOfPoints, type Face, type Pixels } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const root = new URL('../../', import.meta.url);
const detector = new URL('node_modules/@vladmandic/human/models/blazeface.json', root);
const model = new URL('public/models/resnet18/model.json', root);
const group = fileURLToPath(new URL('node_modules/@vladmandic/human/assets/samples.jpg', root));
let pixels: Pixels;

async function decode(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4 };
}

const centre = ({ box }: Face): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];

before(async () => {
  pixels = await decode(sharp(group));
});

test('several faces: each once, ids stay with them while they are tracked', async () => {
  const tracker = await FaceTracker.create({
    model: fakeLandmarkModel(),
    detector,
    backend: 'wasm',
    maxFaces: 4,
  });
  const first = await tracker.track(pixels, 0);
  assert.equal(first.length, 4);
  assert.equal(new Set(first.map(({ id }) => id)).size, 4);
  for (let t = 33; t < 1300; t += 200) {
    const faces = await tracker.track(pixels, t);
    assert.deepEqual(
      faces.map(({ id }) => id),
      first.map(({ id }) => id),
    );
    faces.forEach((face, i) => {
      const [x, y] = centre(face);
      const [fx, fy] = centre(first[i]);
      assert.ok(Math.hypot(x - fx, y - fy) < 0.3 * first[i].box.width);
    });
  }
  tracker.reset();
  assert.ok((await tracker.track(pixels, 2000)).every(({ id }) => first.every((face) => face.id !== id)));
  await tracker.close();
});

test('maxFaces grows and shrinks while it runs; the faces that stay keep their ids', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const [one] = await tracker.track(pixels, 0);
  tracker.configure({ maxFaces: 3 });
  const three = await tracker.track(pixels, 600);
  assert.equal(three.length, 3);
  assert.equal(three[0].id, one.id);
  const inWork = tracker.track(pixels, 633);
  tracker.configure({ maxFaces: 2 });
  assert.equal((await inWork).length, 3, 'asked for before');
  const two = await tracker.track(pixels, 666);
  assert.deepEqual(
    two.map(({ id }) => id),
    three.slice(0, 2).map(({ id }) => id),
  );
  assert.equal((await tracker.detect(pixels)).length, 2);
  await tracker.close();
});

test('smoothing goes off and on while it runs, and gives what PointFilter gives', async () => {
  const options = { model: fakeLandmarkModel(), detector, backend: 'wasm' } as const;
  const smooth = await FaceTracker.create(options);
  const plain = await FaceTracker.create({ ...options, smoothing: false });
  const shifted = (x: number): Pixels => {
    const row = 4 * pixels.width;
    const data = new Uint8Array(pixels.data.length);
    for (let i = 0; i < data.length; i += row) data.set(pixels.data.subarray(i, i + row - 4 * x), i + 4 * x);
    return { ...pixels, data };
  };
  let filter = new PointFilter();
  const compare = async (time: number, expected: 'smoothed' | 'plain'): Promise<void> => {
    const frame = shifted(Math.round(time / 33) % 7);
    const [a] = await smooth.track(frame, time);
    const [b] = await plain.track(frame, time);
    const size = regionOfPoints(b.keypoints, 1).size;
    const filtered = filter.filter(b.keypoints, size, time, b.spread);
    assert.deepEqual(a.keypoints, expected === 'plain' ? b.keypoints : filtered, `at ${time}`);
    if (time % 330 !== 0) assert.notDeepEqual(filtered, b.keypoints);
  };
  for (const time of [0, 33, 66]) await compare(time, 'smoothed');
  smooth.configure({ smoothing: { minCutoff: 4 } });
  filter.configure({ minCutoff: 4 });
  await compare(99, 'smoothed');
  smooth.configure({ smoothing: false });
  await compare(132, 'plain');
  smooth.configure({ smoothing: true });
  filter = new PointFilter();
  for (const time of [330, 363, 396]) await compare(time, 'smoothed');
  await smooth.close();
  await plain.close();
});

test('what the landmark model holds for no face is none', async () => {
  const tracker = await FaceTracker.create({
    model: fakeLandmarkModel({ presence: 0.1 }),
    detector,
    backend: 'wasm',
  });
  assert.deepEqual(await tracker.detect(pixels), []);
  assert.deepEqual(await tracker.track(pixels, 0), []);
  await tracker.close();
});

test('calls that overlap are worked off in order', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const results = await Promise.all([0, 33, 66].map((t) => tracker.track(pixels, t)));
  assert.deepEqual(new Set(results.map(([face]) => face.id)).size, 1);
  const closing = tracker.track(pixels, 99);
  await tracker.close();
  assert.equal((await closing).length, 1, 'what was asked for before close() is still answered');
});

test('reset() while a frame is in work: its faces are not followed on', async () => {
  const tracker = await FaceTracker.create({ model: fakeLandmarkModel(), detector, backend: 'wasm' });
  const inWork = tracker.track(pixels, 0);
  const queued = tracker.track(pixels, 33);
  // Past the start of the first one.
  await new Promise((resolve) => setTimeout(resolve));
  tracker.reset();
  const before = [...(await inWork), ...(await queued)];
  assert.equal(before.length, 2);
  const [after] = await tracker.track(pixels, 66);
  assert.ok(before.every(({ id }) => id !== after.id));
  await tracker.close();
});

test('the shipped model: faces turned by 30 degrees either way, and gone in the very next frame', async (t) => {
  if (!existsSync(model)) return t.skip('no model in public/models/resnet18');
  const tracker = await FaceTracker.create({ model, detector, backend: 'wasm', smoothing: false });
  for (const degrees of [-30, 0, 30]) {
    const turned = await decode(
      sharp(group).extract({ left: 200, top: 420, width: 240, height: 240 }).rotate(degrees),
    );
    tracker.reset();
    const [face] = await tracker.track(turned, 0);
    assert.ok(face, `no face at ${degrees}`);
    assert.ok(Math.abs(face.pose.roll - degrees) < 15, `roll ${face.pose.roll} at ${degrees}`);
    const [next] = await tracker.track(turned, 33);
    assert.equal(next.id, face.id);
    const black = { ...turned, data: new Uint8Array(turned.data.length) };
    assert.deepEqual(await tracker.track(black, 66), []);
  }
  await tracker.close();
});
