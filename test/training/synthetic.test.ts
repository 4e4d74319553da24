import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSyntheticFaces } from '../../training/src/datasets/synthetic.ts';

const faces = makeSyntheticFaces(24, 7);

test('the same seed draws the same faces, another seed others', () => {
  const again = makeSyntheticFaces(3, 7);
  assert.deepEqual(again, faces.slice(0, 3));
  assert.notDeepEqual(makeSyntheticFaces(1, 8)[0].image.data, faces[0].image.data);
});

test('points lie in the picture, in the order of the schema', () => {
  for (const { points = [], image } of faces) {
    const x = (i: number) => points[2 * i];
    const y = (i: number) => points[2 * i + 1];
    for (let i = 0; i < 68; i++) assert.ok(x(i) > 0 && x(i) < image.width && y(i) > 0 && y(i) < image.height);
    assert.ok(x(36) < x(39) && x(39) < x(42) && x(42) < x(45), 'eyes run from left to right');
    assert.ok(x(0) < x(16) && x(17) < x(21) && x(22) < x(26) && x(48) < x(54) && x(31) < x(35));
    assert.ok(y(8) > y(57) && y(57) > y(51) && y(51) > y(30), 'chin below lips below nose');
  }
});

test('what is drawn is where the points are: open pupils are darker than the white beside them', () => {
  let darker = 0;
  for (const { points = new Float32Array(136), image } of faces) {
    const pixel = (x: number, y: number) => image.data[Math.floor(y) * image.width + Math.floor(x)];
    const lids = points.subarray(72, 84);
    const [x, y] = [(lids[0] + lids[6]) / 2, (lids[1] + lids[7]) / 2];
    const corner = pixel(lids[0] + 0.25 * (lids[6] - lids[0]), lids[1] + 0.25 * (lids[7] - lids[1]));
    if (pixel(x, y) < corner) darker++;
  }
  assert.ok(darker > faces.length * 0.75, `${darker} of ${faces.length}`);
});
