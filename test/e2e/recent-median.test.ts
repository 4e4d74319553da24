/** The figures in the readout: still enough to be read, quick enough to follow. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentMedian } from '../../app/src/recent-median.ts';

function medianOf(...values: number[]): number {
  const recent = new RecentMedian();
  for (const value of values) recent.add(value);
  return recent.value;
}

describe('a recent median', () => {
  it('is 0 before the first value, and after it was cleared', () => {
    const recent = new RecentMedian();
    assert.equal(recent.value, 0);
    recent.add(5);
    recent.clear();
    assert.equal(recent.value, 0);
  });

  it('is the middle one, or the mean of the two there', () => {
    assert.equal(medianOf(7), 7);
    assert.equal(medianOf(9, 1, 5), 5);
    assert.equal(medianOf(100, 1, 20, 2), 11);
  });

  it('does not move for a frame that took long', () => {
    assert.equal(medianOf(10, 10, 10, 900, 10), 10);
  });

  it('forgets what is more than 30 values ago', () => {
    assert.equal(medianOf(...Array<number>(30).fill(50), ...Array<number>(16).fill(10)), 10);
    assert.equal(medianOf(...Array<number>(20).fill(50), ...Array<number>(30).fill(10)), 10);
  });

  it('counts a 0 as nothing measured, until only such are left', () => {
    assert.equal(medianOf(0, 0, 8, 0), 8);
    assert.equal(medianOf(8, ...Array<number>(30).fill(0)), 0);
  });
});
