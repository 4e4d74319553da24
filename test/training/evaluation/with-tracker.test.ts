import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Face } from '../../../sdk/src/face.ts';
import type { FaceTracker } from '../../../sdk/src/tracker.ts';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { evaluateWithTracker } from '../../../training/src/evaluation/with-tracker.ts';
import { folderOf, HEIGHT, somePoints, WIDTH } from '../readers/support.ts';

type Detect = FaceTracker['detect'];
/** Outer eye corner, of 68 points. */
const CORNER = 36;

/** Faces `0` … of 68 points; those in `cornerless` lack an outer eye corner. */
async function folderOfFaces(count: number, cornerless: readonly number[] = []): Promise<string> {
  const faces = Array.from({ length: count }, (_, i) => ({
    file: `${i}.png`,
    set: 'mine',
    split: 'test',
    points: somePoints(68).map((point, p) => (cornerless.includes(i) && p === CORNER ? null : point)),
  }));
  return folderOf({
    'annotations.jsonl': faces.map((face) => JSON.stringify(face)).join('\n'),
    ...Object.fromEntries(faces.map(({ file }) => [file, null])),
  });
}

function evaluate(folder: string, detect: Detect, wanted: (name: string) => boolean = () => true) {
  return evaluateWithTracker(
    { detect },
    (keep) => readAnnotations(folder, { colour: true, keep }),
    ({ name }) => wanted(name),
  );
}

/** One px beside the annotation in x and y: that has pixel indices, the samples have pixel centres. */
const face = { keypoints: Float32Array.from(somePoints(68).flat(), (value) => value + 1.5) } as Partial<Face>;
const found: Detect = () => Promise.resolve([face as Face]);
const missed: Detect = () => Promise.resolve([]);

test('pictures are measured in colour as they are decoded, and not held', async () => {
  const folder = await folderOfFaces(9);
  let [decoded, done] = [0, 0];
  const waiting: number[] = [];
  const { errors, dataset } = await evaluateWithTracker(
    {
      async detect(source) {
        assert.equal((source as ImageData).data.length, 4 * WIDTH * HEIGHT);
        waiting.push(decoded - done);
        await new Promise((resolve) => setTimeout(resolve, 5));
        done++;
        return found(source);
      },
    },
    (keep) => readAnnotations(folder, { colour: true, keep: (sample) => (decoded++, keep(sample)) }),
    () => true,
  );
  assert.deepEqual(
    errors.map(({ name }) => name),
    dataset.samples.map(({ name }) => name),
  );
  assert.equal(errors.length, 9);
  for (const { mae } of errors) assert.ok(Math.abs(mae - Math.SQRT2) < 1e-5, `${mae}`);
  assert.ok(Math.max(...waiting) <= 4, `${waiting.join(', ')} pictures at once`);
  for (const { image } of dataset.samples) assert.equal(image.data.length, 0);
});

test('a face without an outer eye corner has no error, found or not', async () => {
  const folder = await folderOfFaces(2, [1]);
  const nmes = async (detect: Detect) => (await evaluate(folder, detect)).errors.map(({ nme }) => nme);
  const [whole, cornerless] = await nmes(found);
  assert.ok(whole > 0 && Number.isFinite(whole));
  assert.ok(Number.isNaN(cornerless));
  assert.deepEqual(await nmes(missed), [Infinity, NaN]);
});

/** The same face so far to the right, px. */
const beside = (px: number) =>
  ({ ...face, keypoints: face.keypoints?.map((value, i) => value + (i % 2 === 0 ? px : 0)) }) as Face;

test('of several faces the annotated one is measured, wherever it comes; another face alone is not it', async () => {
  const folder = await folderOfFaces(1);
  const errors = async (...faces: Face[]) => {
    const [{ nme, mae }] = (await evaluate(folder, () => Promise.resolve(faces))).errors;
    return { nme, mae };
  };
  const right = await errors(beside(0));
  assert.ok(Math.abs(right.mae - Math.SQRT2) < 1e-5);
  // The box is 40 px wide: another face is one whose centre is 20 px away.
  assert.deepEqual(await errors(beside(30), beside(0)), right);
  assert.deepEqual(await errors(beside(0), beside(30)), right);
  assert.deepEqual(await errors(beside(30)), { nme: Infinity, mae: Infinity });
  assert.deepEqual(await errors(beside(20)), { nme: Infinity, mae: Infinity });
  assert.ok(Math.abs((await errors(beside(18))).mae - Math.hypot(19, 1)) < 1e-4);
});

test('faces that are not wanted are read, not measured', async () => {
  const folder = await folderOfFaces(3);
  const all = (await evaluate(folder, missed)).dataset.samples.map(({ name }) => name);
  const { errors, dataset } = await evaluate(folder, found, (name) => name !== all[1]);
  assert.deepEqual(
    errors.map(({ name }) => name),
    [all[0], all[2]],
  );
  assert.equal(dataset.samples.length, 3);
});

test('a tracker that fails is not a picture that cannot be read', async () => {
  const folder = await folderOfFaces(3);
  const failing: Detect = () => Promise.reject(new Error('the device is lost'));
  await assert.rejects(evaluate(folder, failing), /the device is lost/);
});
