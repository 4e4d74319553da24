/** What a network says, by crop, and what a mirror makes of it; made-up answers whose results are known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanOutput, outputOf, unmirrored, type LandmarkOutput } from '../../sdk/src/landmarks/output.ts';

const CROPS = 3;
const POINTS = 68;
const ROW = 3 * POINTS + 1;

/** Different in every number, and exact in float32: x from 0.25, y from 0.5, spread from 1, presence from 2. */
const x = (crop: number, point: number): number => 0.25 + (crop * POINTS + point) / 1024;
const y = (crop: number, point: number): number => x(crop, point) + 0.25;
const spread = (crop: number, point: number): number => 1 + x(crop, point);
const presence = (crop: number): number => 2 + crop;

/** As a network writes it. */
const values = Float32Array.from({ length: CROPS * ROW }, (_, at) => {
  const [crop, i] = [Math.floor(at / ROW), at % ROW];
  if (i < 2 * POINTS) return i % 2 === 0 ? x(crop, i / 2) : y(crop, (i - 1) / 2);
  return i < 3 * POINTS ? spread(crop, i - 2 * POINTS) : presence(crop);
});

const pointOf = ({ keypoints }: LandmarkOutput, crop: number, point: number): number[] => [
  ...keypoints.subarray(2 * (crop * POINTS + point), 2 * (crop * POINTS + point) + 2),
];

/** Points and what they become in a mirror, by iBUG's numbering: the ends of jaw, brow, eye and mouth; nose and chin stay. */
const PARTNERS = [
  [0, 16],
  [8, 8],
  [17, 26],
  [21, 22],
  [30, 30],
  [36, 45],
  [41, 46],
  [48, 54],
  [60, 64],
] as const;

test('each crop has its own points, expected errors and presence', () => {
  const output = outputOf(values);
  assert.deepEqual(
    [output.keypoints.length, output.spread.length, output.presence.length],
    [CROPS * 2 * POINTS, CROPS * POINTS, CROPS],
  );
  for (let crop = 0; crop < CROPS; crop++) {
    for (const point of [0, 1, 67]) {
      assert.deepEqual(pointOf(output, crop, point), [x(crop, point), y(crop, point)]);
      assert.equal(output.spread[crop * POINTS + point], spread(crop, point));
    }
    assert.equal(output.presence[crop], presence(crop));
  }
});

test('of a mirror image the other side’s point is meant, from the other edge, within the same crop', () => {
  const output = unmirrored(outputOf(values));
  for (let crop = 0; crop < CROPS; crop++) {
    for (const pair of PARTNERS)
      for (const [point, other] of [pair, [pair[1], pair[0]]]) {
        assert.deepEqual(pointOf(output, crop, point), [1 - x(crop, other), y(crop, other)]);
        assert.equal(output.spread[crop * POINTS + point], spread(crop, other));
      }
    assert.equal(output.presence[crop], presence(crop));
  }
});

test('a mirror image is said with the same shift of the markup as any other crop', () => {
  const [plain, shifted] = [unmirrored(outputOf(values)), unmirrored(outputOf(values), 0.01)];
  shifted.keypoints.forEach((value, i) => {
    const expected = plain.keypoints[i] + (i % 2 === 0 ? 0.02 : 0);
    assert.ok(Math.abs(value - expected) < 1e-6);
  });
});

test('the mean is taken number by number', () => {
  const plain = outputOf(values);
  const { keypoints, spread, presence } = meanOutput(plain, outputOf(values.map((value) => value + 0.5)));
  assert.deepEqual(
    keypoints,
    plain.keypoints.map((value) => value + 0.25),
  );
  assert.deepEqual(
    spread,
    plain.spread.map((value) => value + 0.25),
  );
  assert.deepEqual(
    presence,
    plain.presence.map((value) => value + 0.25),
  );
});
