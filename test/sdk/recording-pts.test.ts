import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaceKeypointsError, formatPts, parsePts } from '../../sdk/src/index.ts';
import { randomOf } from '../../training/src/support/random.ts';

const refused = (text: string, message: RegExp): void =>
  assert.throws(
    () => parsePts(text),
    (error) => {
      assert.ok(error instanceof FaceKeypointsError && error.code === 'input-invalid', String(error));
      assert.match(error.message, message);
      return true;
    },
  );

test('the centre of the first pixel, our 0.5, is 1 in iBUG files', () => {
  const text = formatPts(Float32Array.of(0.5, 0.5, 10.25, -3));
  assert.equal(text, 'version: 1\nn_points: 2\n{\n1 1\n10.75 -2.5\n}\n');
  assert.deepEqual(parsePts(text), Float32Array.of(0.5, 0.5, 10.25, -3));
});

test('200 faces at random read back equal, float32 by float32', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = randomOf(7002, seed);
    const size = 10 ** random.between(-6, 30);
    const points = Float32Array.from({ length: 136 }, () => random.between(-size, size));
    for (let i = 0; i < points.length; i++) if (Math.abs(points[i]) < 1e-9) points[i] = 0;
    assert.deepEqual(parsePts(formatPts(points)), points, `seed ${seed}`);
  }
});

test('files as 300-W has them: two spaces, Windows line ends, no end of line at the end', () => {
  const text = 'version: 1\r\nn_points:  2\r\n{\r\n446.000 91.000\r\n 450.5\t101 \r\n}';
  assert.deepEqual(parsePts(text), Float32Array.of(445.5, 90.5, 450, 100.5));
});

test('a broken file is refused by line and reason', () => {
  const good = formatPts(Float32Array.of(1, 2, 3, 4));
  refused('', /^Line 1 .*ends where "version: 1"/);
  refused('hello', /^Line 1 .*"version: 1" is due/);
  refused(good.replace('version: 1', 'version: 2'), /^Line 1 /);
  refused(good.replace('n_points: 2', 'n_points: two'), /^Line 2 .*n_points/);
  refused(good.replace('n_points: 2', 'n_points: 3'), /^Line 6 .*point 3 of 3/);
  refused(good.replace('n_points: 2', 'n_points: 1'), /^Line 5 .*"}" after 1 points/);
  refused(good.replace('n_points: 2', 'n_points: 999999999999'), /^Line 6 /);
  refused(good.replace('3.5 4.5', '3.5 NaN'), /^Line 5 .*"NaN" is no coordinate/);
  refused(good.replace('3.5 4.5', '3.5'), /^Line 5 .*point 2 of 2/);
  refused(`${good}1 2\n`, /^Line 7 .*nothing is due/);
  refused('version: 1\nn_points: 0\n{\n}\n', /no points/);
  for (const bad of [new Float32Array(0), Float32Array.of(1), Float32Array.of(1, NaN)]) {
    assert.throws(() => formatPts(bad), { code: 'input-invalid' });
  }
});
