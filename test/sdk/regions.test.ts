import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  FACE_REGIONS,
  faceOval,
  landmarkGroup,
  LANDMARK_GROUPS,
  MESH_TRIANGLES,
  regionPaths,
} from '../../sdk/src/index.ts';
import { knownFace, photograph } from './known-face.ts';

const LFPW = join(import.meta.dirname, '../../../shared/data/lfpw/annotations.jsonl');
const VIEWS = [{}, { roll: 40 }, { yaw: 15, pitch: 10 }, { yaw: -15, pitch: -5 }];

/** Signed; positive where the polygon runs clockwise on the screen. */
function area(polygon: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    sum += polygon[i] * polygon[j + 1] - polygon[j] * polygon[i + 1];
  }
  return sum / 2;
}

/** Even-odd rule. */
function contains(polygon: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

test('a group is its landmarks in order, as a view of the points', () => {
  const points = Float32Array.from({ length: 136 }, (_, i) => i);
  assert.deepEqual([...landmarkGroup(points, 'leftEye')], [...points.slice(84, 96)]);
  assert.equal(landmarkGroup(points, 'jaw').length, 34);
  assert.equal(landmarkGroup(points, 'nose').length, 18);
  assert.equal(landmarkGroup(points, 'mouth').length, 40);
  assert.equal(landmarkGroup(points, 'all').length, 136);
  assert.equal(landmarkGroup(points, 'rightBrow').buffer, points.buffer);
  assert.deepEqual(landmarkGroup([...points], 'jaw'), landmarkGroup(points, 'jaw'));
  assert.throws(() => landmarkGroup(points, 'ear' as never), /Use one of: jaw, .*mouth/);
  assert.throws(() => landmarkGroup(points, 'constructor' as never), { code: 'option-invalid' });
});

test('the oval holds brows, eyes, nose and mouth, and a forehead above the brows', () => {
  for (const view of VIEWS) {
    const points = photograph(knownFace(), view);
    const oval = faceOval(points);
    assert.equal(oval.length, 2 * 28);
    for (let i = 17; i < 68; i++) {
      assert.ok(contains(oval, points[2 * i], points[2 * i + 1]), `${i} ${JSON.stringify(view)}`);
    }
    // A third of the face's height above the brows' middle, a bit less.
    const x = (points[42] + points[44]) / 2;
    const y = (points[43] + points[45]) / 2;
    const [ux, uy] = [x - points[66], y - points[67]];
    assert.ok(contains(oval, x + 0.9 * ux, y + 0.9 * uy));
    assert.ok(!contains(oval, x + 1.1 * ux, y + 1.1 * uy));
  }
});

test(
  'the oval holds the inner landmarks of real faces',
  { skip: !existsSync(LFPW) && 'the annotations are not here' },
  () => {
    let [inside, total] = [0, 0];
    for (const line of readFileSync(LFPW, 'utf8').trim().split('\n')) {
      const points = (JSON.parse(line) as { points: [number, number][] }).points.flat();
      const oval = faceOval(points);
      for (let i = 17; i < 68; i++, total++) if (contains(oval, points[2 * i], points[2 * i + 1])) inside++;
    }
    assert.ok(inside / total > 0.995, `${inside / total}`);
  },
);

test('regions are polygons with an area, where they belong', () => {
  for (const view of VIEWS) {
    const points = photograph(knownFace(), view);
    const paths = regionPaths(points);
    assert.deepEqual(Object.keys(paths), [...FACE_REGIONS]);
    for (const name of FACE_REGIONS) {
      // Lips that touch leave nothing between them.
      if (name !== 'innerLips') assert.ok(Math.abs(area(paths[name])) > 20, name);
    }
    const inside = (name: keyof typeof paths, [start, end]: readonly [number, number]): boolean => {
      let [x, y] = [0, 0];
      for (let i = start; i < end; i++) {
        x += points[2 * i] / (end - start);
        y += points[2 * i + 1] / (end - start);
      }
      return contains(paths[name], x, y);
    };
    for (const name of ['rightEye', 'leftEye', 'outerLips'] as const) {
      assert.ok(inside(name, LANDMARK_GROUPS[name]), name);
    }
    assert.ok(contains(paths.rightBrow, points[38], points[39]));
    assert.ok(contains(paths.leftBrow, points[48], points[49]));
    assert.ok(inside('nose', [27, 36]));
    assert.ok(Math.abs(area(paths.face)) > 8 * Math.abs(area(paths.outerLips)));
  }
});

test('outlines are copies: writing to one leaves the points alone', () => {
  const points = photograph(knownFace(), {});
  const before = points.slice();
  for (const path of Object.values(regionPaths(points))) path.fill(0);
  faceOval(points).fill(0);
  assert.deepEqual(points, before);
});

test('the mesh keeps the outlines of eyes and lips as sides', () => {
  const sides = new Set(
    MESH_TRIANGLES.map((a, i) => {
      const b = MESH_TRIANGLES[i % 3 === 2 ? i - 2 : i + 1];
      return `${Math.min(a, b)} ${Math.max(a, b)}`;
    }),
  );
  for (const name of ['rightEye', 'leftEye', 'outerLips', 'innerLips'] as const) {
    const [start, end] = LANDMARK_GROUPS[name];
    for (let i = start; i < end; i++) {
      const next = i + 1 < end ? i + 1 : start;
      assert.ok(sides.has(`${Math.min(i, next)} ${Math.max(i, next)}`), `${name} ${i} ${next}`);
    }
  }
});

test('the mesh covers the face without overlap, and leaves eyes and mouth open', () => {
  const points = photograph(knownFace({ open: 10 }), {});
  const triangles = Array.from({ length: MESH_TRIANGLES.length / 3 }, (_, t) =>
    MESH_TRIANGLES.slice(3 * t, 3 * t + 3),
  );
  const seen = new Set<number>(MESH_TRIANGLES);
  assert.equal(seen.size, 68);
  const polygons = triangles.map((triangle) => triangle.flatMap((i) => [points[2 * i], points[2 * i + 1]]));
  const hits = (x: number, y: number): number => polygons.filter((polygon) => contains(polygon, x, y)).length;
  const paths = regionPaths(points);
  let covered = 0;
  for (let x = 200; x < 440; x += 3.1) {
    for (let y = 180; y < 500; y += 3.1) {
      const count = hits(x, y);
      assert.ok(count <= 1, `${x}, ${y} lies in ${count} triangles`);
      covered += count;
      for (const hole of [paths.rightEye, paths.leftEye, paths.innerLips]) {
        if (contains(hole, x, y)) assert.equal(count, 0);
      }
      if (contains(paths.nose, x, y)) assert.equal(count, 1);
    }
  }
  assert.ok(covered > 1500, `${covered}`);
});
