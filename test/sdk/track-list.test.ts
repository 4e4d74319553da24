import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Finding } from '../../sdk/src/face.ts';
import { TrackList } from '../../sdk/src/tracking/track-list.ts';
import { MEAN_FACE } from './fake-model.ts';

/** A plain face around (x, y), about `size` px wide. */
function face(x: number, y = 100, size = 100, spread = 2): Finding {
  const points = Float32Array.from(MEAN_FACE, (v, i) => (i % 2 ? y : x) + (v - 0.5) * 1.3 * size);
  return { points, spread: new Float32Array(68).fill(spread), presence: 1, size };
}

let next = 1;
let tracks: TrackList;
beforeEach(() => {
  next = 1;
  tracks = new TrackList(() => next++);
});

const ids = (): number[] => tracks.visible.map(({ id }) => id);
/** One frame: what is found around the visible faces, then what the detector adds. */
function frame(
  time: number,
  followed: readonly (Finding | undefined)[],
  added: readonly Finding[] = [],
): number[] {
  tracks.begin(time, 4);
  tracks.follow(followed);
  tracks.add(added);
  return ids();
}

test('new faces get numbers in the order in which they are found, and keep them', () => {
  assert.deepEqual(frame(0, [], [face(100), face(400)]), [1, 2]);
  assert.deepEqual(frame(33, [face(102), face(398)]), [1, 2]);
  assert.deepEqual(frame(66, [face(104), face(396)], [face(700)]), [1, 2, 3]);
});

test('a face that comes back soon, near and of like size has its old number; else it is another', () => {
  frame(0, [], [face(100)]);
  assert.deepEqual(frame(33, [undefined]), []);
  assert.equal(tracks.missing, true);
  assert.deepEqual(frame(800, [], [face(130)]), [1]);
  assert.equal(tracks.missing, false);
  frame(833, [undefined]);
  assert.deepEqual(frame(866, [], [face(400)]), [2], 'too far away');
  assert.deepEqual(frame(900, [face(400)], [face(130, 100, 250)]), [2, 3], 'another size');
  frame(933, [undefined, undefined]);
  assert.deepEqual(frame(3000, [], [face(400)]), [4], 'too long away');
});

test('the number waits where the face was heading', () => {
  frame(0, [], [face(100)]);
  for (let t = 33; t <= 330; t += 33) frame(t, [face(100 + 0.3 * t)]);
  frame(363, [undefined]);
  assert.ok(tracks.missing);
  // The other one is where it was lost.
  frame(930, [], [face(190), face(310)]);
  const [first] = tracks.visible;
  assert.equal(first.id, 1);
  assert.deepEqual(first.finding.points, face(310).points);
});

test('two lost faces come back each with its own number, whatever the order', () => {
  frame(0, [], [face(100), face(400)]);
  frame(33, [undefined, undefined]);
  frame(66, [], [face(395), face(105)]);
  const [first, second] = tracks.visible;
  assert.deepEqual([first.id, second.id], [1, 2]);
  assert.ok(first.finding.points[0] < second.finding.points[0]);
});

for (const order of ['older', 'younger'] as const) {
  test(`two tracks on one face: the ${order} one expected it there, the other is lost and comes back`, () => {
    const [a, b] = order === 'older' ? [1, 2] : [2, 1];
    const pair = <T>(inFront: T, behind: T): T[] => (a === 1 ? [inFront, behind] : [behind, inFront]);
    // `a` goes right in front, `b` left behind it.
    frame(0, [], pair(face(100), face(400)));
    let t = 33;
    for (; t <= 400; t += 33) frame(t, pair(face(100 + 0.3 * t), face(400 - 0.3 * t)));
    // In the region of `b` the network sees the face of `a`.
    const front = (time: number): Finding => face(100 + 0.3 * time);
    assert.deepEqual(frame(t, pair(front(t), front(t))), [a]);
    for (t += 33; t < 700; t += 33) assert.deepEqual(frame(t, [front(t)]), [a]);
    assert.deepEqual(frame(t, [front(t)], [face(400 - 0.3 * t)]), [1, 2]);
    const places = tracks.visible.map(({ finding }) => finding.points[0]);
    assert.equal(places[a - 1] > places[b - 1], true, 'on opposite sides now');
  });
}

test('fewer faces: those followed longest stay, and the others do not come back', () => {
  frame(0, [], [face(100), face(400), face(700)]);
  tracks.begin(33, 1);
  assert.deepEqual(ids(), [1]);
  tracks.follow([face(100)]);
  assert.deepEqual(frame(66, [face(100)], [face(400)]), [1, 4]);
});

test('a step back in time: faces still there keep their numbers, the lost are forgotten', () => {
  frame(5000, [], [face(100), face(400)]);
  frame(5033, [face(100), undefined]);
  assert.deepEqual(frame(0, [face(100)], [face(400)]), [1, 3]);
});

test('the next crop follows a fast face, and stays with one that rests or trembles', () => {
  frame(0, [], [face(100), face(400)]);
  for (let i = 1; i <= 15; i++) frame(33 * i, [face(100 + 12 * i), face(400 + (i % 2))]);
  const [fast, resting] = tracks.visible.map((track) => track.step(33 * 16));
  assert.ok(fast.dx > 5 && fast.dx < 12 && fast.dy === 0, `${fast.dx} px of 12`);
  assert.deepEqual([Math.abs(resting.dx), Math.abs(resting.dy)], [0, 0]);
});
