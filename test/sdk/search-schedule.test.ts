import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SearchSchedule } from '../../sdk/src/tracking/search-schedule.ts';
import type { TrackList } from '../../sdk/src/tracking/track-list.ts';

/** As many faces in sight, and whether one is out of sight. */
const tracks = (count: number, missing = false): TrackList =>
  ({ visible: Array.from({ length: count }), missing }) as unknown as TrackList;

/** The times, ms, of those at which it looks. */
const dueAt = (times: readonly number[], list: TrackList, before: number): number[] => {
  const schedule = new SearchSchedule();
  return times.filter((time) => schedule.isDue(time, list, before));
};
const SECOND = Array.from({ length: 31 }, (_, i) => 33 * i);

test('looks in every frame while no face is followed', () => {
  assert.deepEqual(dueAt(SECOND, tracks(0), 0), SECOND);
});

test('looks every half second for more, more often for one that went out of sight', () => {
  assert.deepEqual(dueAt(SECOND, tracks(1), 1), [0, 528]);
  assert.deepEqual(dueAt(SECOND, tracks(1, true), 1), [0, 165, 330, 495, 660, 825, 990]);
});

test('looks at once when a face is lost, or time steps back', () => {
  const schedule = new SearchSchedule();
  assert.ok(schedule.isDue(0, tracks(2), 2));
  assert.ok(!schedule.isDue(33, tracks(2), 2));
  assert.ok(schedule.isDue(66, tracks(1, true), 2));
  assert.ok(!schedule.isDue(99, tracks(1, true), 1));
  assert.ok(schedule.isDue(-1000, tracks(1, true), 1));
});
