import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countSets, describeCounts } from '../../../training/src/cli/drawn-sets.ts';
import { COURSE_SETTINGS, PRESETS } from '../../../training/src/trainer/settings.ts';
import { noiseFaces } from '../support.ts';

const samplesOf = (...sets: string[]) => sets.map((set) => ({ ...noiseFaces(1)[0], set }));

test('sets that no part of a run draws from are told apart', () => {
  const samples = samplesOf('helen', 'mine', 'helen', 'negatives', 'webmorph');
  const { drawn, left } = countSets(samples, PRESETS.w300);
  assert.deepEqual(drawn, { helen: 2, negatives: 1, webmorph: 1 });
  assert.deepEqual(left, { mine: 1 });
  assert.equal(describeCounts(drawn), 'helen 2, negatives 1, webmorph 1');
  for (const settings of [PRESETS.plain, COURSE_SETTINGS.face58])
    assert.deepEqual(countSets(samples, settings).left, {});
});

test('a run is refused where one of its parts has nothing to draw from', () => {
  // The first phase of w300 draws webmorph, the last does not.
  assert.throws(
    () => countSets(samplesOf('webmorph', 'negatives'), PRESETS.w300),
    /no set to draw from: the mix names lfpw, .*, the data holds webmorph$/,
  );
});
