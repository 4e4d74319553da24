/** When a followed face has to be confirmed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Confirmation } from '../../sdk/src/tracking/confirmation.ts';
import type { Place } from '../../sdk/src/tracking/motion.ts';

const PLACE: Place = { x: 300, y: 200, size: 100 };
const FRAME = 33;
/** Times at which it is due, over five seconds; each time the face is confirmed. */
function dueAt(path: (time: number) => Partial<Place>, cropSize?: number): number[] {
  const confirmation = new Confirmation(PLACE, 0);
  confirmation.confirm(PLACE, 0, cropSize);
  const due: number[] = [];
  for (let time = FRAME; time < 5000; time += FRAME) {
    const place = { ...PLACE, ...path(time) };
    if (!confirmation.isDue(place, time)) continue;
    due.push(time);
    confirmation.confirm(place, time, cropSize);
  }
  return due;
}

test('never for a face that rests, nods, leans to and fro, or opens its mouth', () => {
  assert.deepEqual(
    dueAt((time) => ({
      x: 300 + 50 * Math.sin(time / 300),
      y: 200 + 30 * Math.sin(time / 200),
      size: 110 + 10 * Math.sin(time / 100),
    })),
    [],
  );
});

test('within four frames of a jump in size, either way', () => {
  for (const size of [60, 160])
    assert.deepEqual(
      dueAt(() => ({ size })),
      [132],
    );
});

test('a face that comes nearer or goes away by a factor of three: at most four times, however fast', () => {
  for (const seconds of [1, 4]) {
    for (const factor of [3, 1 / 3]) {
      const due = dueAt((time) => ({ size: 100 * factor ** Math.min(1, time / 1000 / seconds) }));
      assert.ok(due.length >= 3 && due.length <= 4, `${factor} in ${seconds} s: ${due.join()}`);
    }
  }
});

test('once a second for a face that keeps moving, slow or fast', () => {
  for (const speed of [1, 4]) {
    const due = dueAt((time) => ({ x: 300 + 0.1 * speed * time }));
    assert.equal(due.length, 4, due.join());
  }
});

test('where the network was wrong: four times a second, and sooner when the face moves', () => {
  assert.equal(dueAt(() => ({}), 130).length, 18);
  assert.equal(dueAt((time) => ({ x: 300 + 0.2 * time }), 130)[0], 132);
});

test('a step back in time does not put it off', () => {
  const confirmation = new Confirmation(PLACE, 10_000);
  assert.ok(confirmation.isDue({ ...PLACE, size: 50 }, 0));
});
