import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkResumedData } from '../../../training/src/cli/resumed-data.ts';

test('a change of the data that a run goes on with is said, with both counts', () => {
  const drawn = { helen: 806, negatives: 9 };
  assert.equal(checkResumedData({ negatives: 9, helen: 806 }, { drawn, left: {} }, false), undefined);
  assert.match(
    checkResumedData({ helen: 805, negatives: 9 }, { drawn, left: {} }, false) ?? '',
    /WARNING.*began with helen 805, negatives 9, now there are helen 806, negatives 9/,
  );
  assert.ok(checkResumedData({ helen: 806, negatives: 9, afw: 1 }, { drawn, left: {} }, false));
  assert.ok(checkResumedData({ negatives: 9 }, { drawn, left: {} }, false));
});

test('runs that also counted sets that are not drawn go on without a word', () => {
  const left = { mine: 3 };
  assert.equal(checkResumedData({ helen: 2, mine: 3 }, { drawn: { helen: 2 }, left }, true), undefined);
});
