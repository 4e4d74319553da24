/** Two models on one stream, each with faces in an order of its own. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Face } from 'face-keypoints';
import { Compare } from '../../app/src/compare.ts';
import { faceAt } from './face-at.ts';

describe('a comparison', () => {
  let other: EventTarget, compare: Compare;
  beforeEach(() => {
    other = Object.assign(new EventTarget(), {
      stats: { detectMs: 0, landmarkMs: 5 },
      remove: () => undefined,
    });
    compare = new Compare(other as unknown as ConstructorParameters<typeof Compare>[0], () => undefined);
  });
  const seesOther = (...faces: Face[]) =>
    other.dispatchEvent(new CustomEvent('keypoints', { detail: { faces } }));

  it('is of one person, in whichever order the models have found them', () => {
    seesOther(faceAt(5));
    const alone = compare.measure([faceAt(0)]).difference;
    assert.ok(alone! > 0);
    for (const faces of [
      [faceAt(5), faceAt(300)],
      [faceAt(300), faceAt(5)],
      [faceAt(30), faceAt(5)],
    ]) {
      seesOther(...faces);
      assert.equal(compare.measure([faceAt(0), faceAt(300)]).difference, alone);
    }
  });

  it('tells of no difference between two people', () => {
    seesOther(faceAt(60));
    assert.equal(compare.measure([faceAt(0)]).difference, undefined);
    seesOther();
    assert.equal(compare.measure([faceAt(0)]).difference, undefined);
    seesOther(faceAt(40));
    assert.ok(compare.measure([faceAt(0)]).difference! > 0);
    assert.equal(compare.measure([]).difference, undefined);
  });
});
