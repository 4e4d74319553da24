import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  IBUG68,
  IMM58,
  WFLW98,
  schemaOfCount,
  unitInWords,
  unitOf,
  type LandmarkSchema,
} from '../../training/src/datasets/schema.ts';
import { noseOnly } from '../../training/src/datasets/select.ts';

const known: readonly LandmarkSchema[] = [IBUG68, IMM58, WFLW98];

for (const { name, count, mirror = [], regions, unit = [0, 0] } of known) {
  test(`${name}: flipping twice changes nothing, and every point is of one region`, () => {
    assert.equal(mirror.length, count);
    mirror.forEach((other, i) => assert.equal(mirror[other], i, `point ${i}`));
    assert.equal(mirror[unit[0]], unit[1]);
    const members = Object.values(regions).flat();
    assert.deepEqual(
      members.toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    );
    // A region is flipped into itself.
    for (const indices of Object.values(regions))
      assert.ok(indices.every((index) => indices.includes(mirror[index])));
  });
}

test('an unknown number of points is measured by the box around the face', () => {
  const schema = schemaOfCount(5);
  assert.equal(schema.mirror, undefined);
  const points = [0, 0, 8, 0, 8, 18, 0, 18, NaN, NaN];
  assert.equal(unitOf(schema, points), 12);
  assert.equal(unitOf(schema, points, [0, 0, 10, 40]), 20);
});

test('the unit is said by the points that it is measured between', () => {
  assert.equal(unitInWords(IMM58), 'the distance of the outer eye corners');
  const own = { ...schemaOfCount(5), name: 'mine' };
  assert.equal(unitInWords({ ...own, unit: [1, 4] }), 'the distance of points 1 and 4');
  assert.equal(unitInWords(own), 'the side of the box around the face');
});

test('the nose alone keeps the face’s unit, and leaves out faces without a nose', () => {
  const points = Float32Array.from({ length: 136 }, (_, i) => i);
  const sample = {
    name: 'a',
    set: 's',
    split: 'train' as const,
    image: { data: new Uint8Array(4), width: 2, height: 2, channels: 1 as const },
    points,
  };
  const hidden = { ...sample, points: points.map((value, i) => (i === 60 ? NaN : value)) };
  const { samples, schema } = noseOnly([sample, hidden], IBUG68);
  assert.equal(schema.count, 1);
  assert.equal(samples.length, 1);
  assert.deepEqual([...(samples[0].points ?? [])], [60, 61]);
  assert.equal(samples[0].unit, unitOf(IBUG68, points));
  assert.throws(() => noseOnly([sample], schemaOfCount(21)), /schema\.json/);
});
