import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faceError, summarize } from '../../training/src/evaluation/metrics.ts';

function square(): Float32Array {
  const points = new Float32Array(136);
  points.set([100, 50], 2 * 45);
  points.set([0, 50], 2 * 36);
  return points;
}

test('NME is the mean distance over the outer eye corners, in %', () => {
  const truth = square();
  const predicted = truth.map((value, i) => value + (i % 2 === 0 ? 3 : 4));
  assert.deepEqual(faceError(predicted, truth), { mae: 5, nme: 5 });
});

test('points that the annotation lacks do not count', () => {
  const truth = square();
  const predicted = truth.slice();
  predicted[0] = 1000;
  truth.fill(NaN, 0, 2);
  assert.equal(faceError(predicted, truth).nme, 0);
});

test('a face that was not found counts as a failure, not in the mean', () => {
  const face = { set: 's', name: 'n', mae: 1 };
  const summary = summarize([
    { ...face, nme: 2 },
    { ...face, nme: 4 },
    { ...face, nme: 9 },
    { ...face, nme: Infinity, mae: Infinity },
  ]);
  assert.equal(summary.faces, 4);
  assert.equal(summary.found, 3);
  assert.equal(summary.nme, 5);
  assert.equal(summary.fr8, 50);
  assert.equal(summary.fr10, 25);
  assert.equal(summary.auc8, (100 * (6 / 8 + 4 / 8)) / 4);
});

test('a face without an outer eye corner is not measured, found or not', () => {
  const truth = square();
  truth[72] = NaN;
  for (const predicted of [square(), undefined]) {
    const unmeasured = { set: 's', name: 'n', ...faceError(predicted, truth) };
    const { faces, nme, fr8, auc8 } = summarize([unmeasured, { set: 's', name: 'm', nme: 4, mae: 1 }]);
    assert.deepEqual({ faces, nme, fr8, auc8 }, { faces: 1, nme: 4, fr8: 0, auc8: 50 });
  }
});

test('faces that nothing measures have a mean distance all the same', () => {
  const face = { set: 's', name: 'n' };
  const { faces, found, nme, mae } = summarize([
    { ...face, nme: NaN, mae: 3 },
    { ...face, nme: 4, mae: 1 },
    { ...face, nme: Infinity, mae: Infinity },
  ]);
  assert.deepEqual({ faces, found, nme, mae }, { faces: 2, found: 1, nme: 4, mae: 2 });
  const alone = summarize([{ ...face, nme: NaN, mae: 3 }]);
  assert.deepEqual([alone.faces, alone.nme, alone.mae], [0, NaN, 3]);
});
