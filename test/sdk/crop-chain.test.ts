/** Crops that come from the points found in the last one: networks that err, and faces that truly change. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import { FaceTracker, type Face, type Pixels } from '../../sdk/src/index.ts';
import { readSprite, renderFrame, seeded, type Place, type Sprite } from '../support/moving-picture.mjs';
import { fakeLandmarkModel } from './fake-model.ts';

const root = new URL('../../', import.meta.url);
const detector = new URL('node_modules/@vladmandic/human/models/blazeface.json', root);
const model = new URL('public/models/lite/model.json', root);
const group = fileURLToPath(new URL('node_modules/@vladmandic/human/assets/samples.jpg', root));
const woman = { left: 256, top: 480, width: 126, height: 126 };
const skip = existsSync(model) ? false : 'no model in public/models/lite';
const RATE = 30;
let sprite: Sprite;

before(async () => {
  sprite = await readSprite(group, { extract: woman, width: 378 });
});

/** What a tracker with this model makes of the frames: the faces, and in which frames the detector ran. */
async function follow(
  model: ReturnType<typeof fakeLandmarkModel> | URL,
  count: number,
  frame: (i: number) => Pixels,
) {
  const tracker = await FaceTracker.create({ model, detector, backend: 'wasm', smoothing: false });
  const faces: Face[] = [];
  const detected: number[] = [];
  for (let i = 0; i < count; i++) {
    const [face] = await tracker.track(frame(i), (1000 * i) / RATE);
    if (tracker.timings.detect > 0) detected.push(i);
    assert.ok(face, `lost in frame ${i}`);
    faces.push(face);
  }
  await tracker.close();
  assert.equal(new Set(faces.map(({ id }) => id)).size, 1, 'one face, one id');
  return { faces, detected };
}

const random = seeded(9);
const show = (place: Partial<Place>): Pixels =>
  renderFrame([{ sprite, place: { x: 240, y: 180, angle: 0, scale: 0.6, ...place } }], {
    width: 480,
    height: 360,
    noise: 2,
    random,
  });

/** A network that sees nothing answers what its crop is, with this error. */
for (const [name, error] of [
  ['too small', { scale: 0.85 }],
  ['too large', { scale: 1.15 }],
  ['aside', { shift: 0.05 }],
] as const) {
  test(`a network whose points are ${name}: the face stays where it is`, async (t) => {
    const still = show({});
    const { faces, detected } = await follow(fakeLandmarkModel(error), 100, () => still);
    const [first] = faces;
    const sizes = faces.map(({ box }) => box.width / first.box.width);
    const shifts = faces.map(({ box }) => Math.abs(box.x + box.width / 2 - 240) / first.box.width);
    t.diagnostic(
      `${Math.min(...sizes).toFixed(2)} to ${Math.max(...sizes).toFixed(2)} of the first size, ` +
        `off by ${Math.max(...shifts).toFixed(2)} sizes, detector in frames ${detected.join(' ')}`,
    );
    // Before the first correction, and after it.
    const from = detected[1] + 1;
    for (const size of sizes) assert.ok(size > 0.5 && size < 2);
    for (const size of sizes.slice(from)) assert.ok(size > 0.8 && size < 1.25 * Math.max(1, sizes[from]));
    for (const shift of shifts.slice(from)) assert.ok(shift < 0.6);
    assert.ok(detected.length > 1 && detected.length < 25);
  });
}

test('a face at rest: the detector looks once', { skip }, async () => {
  const { detected } = await follow(model, 100, () => show({}));
  assert.deepEqual(detected, [0]);
});

for (const [name, scaleAt] of [
  ['nearer', (p: number) => 0.3 * 3 ** p],
  ['away', (p: number) => 0.9 * 3 ** -p],
] as const) {
  test(`a face that comes ${name} by a factor of three is followed closely`, { skip }, async () => {
    const scale = (i: number): number => scaleAt(Math.min(1, Math.max(0, (i - 10) / 90)));
    const { faces, detected } = await follow(model, 110, (i) => show({ scale: scale(i) }));
    const sizes = faces.map(({ box }, i) => (box.width / scale(i) / faces[0].box.width) * scale(0));
    for (const size of sizes) assert.ok(Math.abs(size - 1) < 0.12, sizes.map((v) => v.toFixed(2)).join(' '));
    assert.ok(detected.length <= 6, `the detector ran in frames ${detected.join(' ')}`);
  });
}

test('a face that walks through the picture: the detector looks once a second', { skip }, async () => {
  const x = (i: number): number => 100 + (280 * i) / 100;
  const { faces, detected } = await follow(model, 100, (i) => show({ x: x(i), scale: 0.4 }));
  const offset = ({ box }: Face, i: number): number => box.x + box.width / 2 - x(i);
  faces.forEach((face, i) =>
    assert.ok(Math.abs(offset(face, i) - offset(faces[0], 0)) < 0.1 * face.box.width),
  );
  assert.ok(detected.length <= 4, `the detector ran in frames ${detected.join(' ')}`);
});
