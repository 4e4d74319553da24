import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cropToImage, estimatePose, type Pose } from '../../sdk/src/index.ts';
import { isPlausibleFace } from '../../sdk/src/landmarks/pose.ts';
import { MEAN_FACE } from './fake-model.ts';
import { knownFace, normals, photograph, type Variation, type View } from './known-face.ts';

const AFLW2000 = join(import.meta.dirname, '../../../shared/data/aflw2000/annotations.jsonl');
const ANGLES = ['yaw', 'pitch', 'roll'] as const;
const TURNS = [-40, -30, -20, -10, 0, 10, 20, 30, 40];
const region = (degrees: number) => ({ cx: 100, cy: 100, size: 90, angle: (degrees * Math.PI) / 180 });

/** The largest of a pose's three errors, degrees. */
function errorOf(pose: Pose, truth: View): number {
  return Math.max(...ANGLES.map((angle) => Math.abs(pose[angle] - (truth[angle] ?? 0))));
}

function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))];
}

/** Every turn about one axis, then moderate ones about all. */
function views(extra: View): View[] {
  const single = ANGLES.flatMap((angle) => TURNS.map((turn) => ({ [angle]: turn, ...extra })));
  const signs = [-1, 1];
  const combined = signs.flatMap((a) =>
    signs.flatMap((b) => signs.map((c) => ({ yaw: 25 * a, pitch: 20 * b, roll: 20 * c, ...extra }))),
  );
  return [...single, ...combined];
}

for (const [name, distance] of [
  ['without perspective', Infinity],
  ['from 60 cm', 600],
  ['from 45 cm', 450],
] as const) {
  test(`a known face, turned within 40 degrees, ${name}: each angle within 4 degrees`, () => {
    const face = knownFace();
    for (const view of views({ distance })) {
      const pose = estimatePose(photograph(face, view));
      // Where pitch is zero is a matter of definition, so pitch counts from the face that looks ahead.
      const pitch = pose.pitch - estimatePose(photograph(face, { distance })).pitch;
      assert.ok(errorOf({ ...pose, pitch }, view) <= 4, JSON.stringify({ view, pose }));
    }
  });
}

test('other people, other expressions, uncertain landmarks: median error 2 degrees, nine in ten below 4', () => {
  const people: Variation[] = [
    {},
    { long: 1.06 },
    { long: 0.95, nose: 1.1 },
    { deep: 1.1 },
    { deep: 0.9 },
    { nose: 0.88, open: 25 },
    { brows: 6, open: 8 },
    { smile: 6, open: 4 },
    { long: 1.04, deep: 0.95, nose: 1.08, open: 15, brows: 4 },
  ];
  const random = normals(11);
  const errors = people.flatMap((person) =>
    [Infinity, 1000, 600, 450].flatMap((distance) =>
      views({ distance, noise: 0.01, random }).map((view) =>
        errorOf(estimatePose(photograph(knownFace(person), view)), view),
      ),
    ),
  );
  assert.ok(quantile(errors, 0.5) < 2, `${quantile(errors, 0.5)}`);
  assert.ok(quantile(errors, 0.9) < 4, `${quantile(errors, 0.9)}`);
});

test(
  'yaw of real faces agrees with AFLW2000',
  { skip: !existsSync(AFLW2000) && 'the pictures are not here' },
  () => {
    interface Line {
      points: [number, number][];
      yaw: number;
    }
    const faces = readFileSync(AFLW2000, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      // Theirs is positive to the other side.
      .map(({ points, yaw }) => ({ truth: -yaw, found: estimatePose(points.flat()).yaw }));
    const median = (from: number, to: number): number =>
      quantile(
        faces
          .filter(({ truth }) => Math.abs(truth) >= from && Math.abs(truth) < to)
          .map(({ truth, found }) => Math.abs(found - truth)),
        0.5,
      );
    assert.ok(median(0, 30) < 2.2, `${median(0, 30)}`);
    assert.ok(median(30, 60) < 3.2, `${median(30, 60)}`);
  },
);

test('roll follows the picture, clockwise positive', () => {
  for (const degrees of [-30, 0, 30]) {
    const { yaw, roll } = estimatePose(cropToImage(MEAN_FACE, region(degrees)));
    assert.ok(Math.abs(roll - degrees) < 3, `${roll}`);
    assert.ok(Math.abs(yaw) < 3, `${yaw}`);
  }
});

test('a nose to the right of the picture is a positive yaw, a nose further up a positive pitch', () => {
  const moved = (dx: number, dy: number): number[] => {
    const points = [...MEAN_FACE];
    for (let i = 27; i < 36; i++) {
      points[2 * i] += dx;
      points[2 * i + 1] += dy;
    }
    return points;
  };
  assert.ok(estimatePose(moved(0.08, 0)).yaw > 8);
  assert.ok(estimatePose(moved(-0.08, 0)).yaw < -8);
  assert.ok(estimatePose(moved(0, -0.05)).pitch > estimatePose(moved(0, 0.05)).pitch + 8);
});

test('a hidden landmark (not a number) is left out', () => {
  const points = photograph(knownFace(), { yaw: 20 });
  points[2 * 17] = NaN;
  points[2 * 40 + 1] = NaN;
  assert.ok(Math.abs(estimatePose(points).yaw - 20) < 4);
});

test('a pose costs a fraction of a millisecond', () => {
  const points = photograph(knownFace(), { yaw: 20, pitch: 10, distance: 600 });
  const rounds = Array.from({ length: 20 }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < 200; i++) estimatePose(points);
    return process.cpuUsage(start).user / 1000 / 200;
  });
  // 0.07 ms on a quiet machine; the best round counts, as others share the processor.
  assert.ok(Math.min(...rounds) < 0.3, `${Math.min(...rounds)} ms`);
});

test('what is no face is not taken for one', () => {
  assert.ok(isPlausibleFace(cropToImage(MEAN_FACE, region(30))));
  assert.ok(!isPlausibleFace(new Float32Array(136)));
  assert.ok(!isPlausibleFace(new Float32Array(136).fill(NaN)));
  const upsideDown = cropToImage(MEAN_FACE, region(0)).map((value, i) => (i % 2 ? 200 - value : value));
  assert.ok(!isPlausibleFace(upsideDown));
});
