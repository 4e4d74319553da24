import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_SMOOTHING } from 'face-keypoints';
import { SMOOTHING_STEPS, smoothingOptions } from '../../app/src/settings.ts';

describe('the slider for smoothing', () => {
  it('has the package’s own default in its middle, which the tests of smoothing measure', () => {
    assert.deepEqual({ ...DEFAULT_SMOOTHING, ...smoothingOptions(SMOOTHING_STEPS / 2) }, DEFAULT_SMOOTHING);
  });

  it('is off at 0, and steadier with each step', () => {
    assert.equal(smoothingOptions(0), false);
    for (let step = 2; step <= SMOOTHING_STEPS; step++) {
      const [before, after] = [smoothingOptions(step - 1), smoothingOptions(step)];
      assert.ok(before && after && after.minCutoff < before.minCutoff);
    }
  });
});
