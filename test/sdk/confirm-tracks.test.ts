/** What becomes of a doubtful face, by what detector and network say in a second crop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Region } from '../../sdk/src/crop/region.ts';
import { regionOfFinding, type Finding } from '../../sdk/src/face.ts';
import type { Frame } from '../../sdk/src/input/frame.ts';
import { confirmTracks } from '../../sdk/src/tracking/confirm-tracks.ts';
import { placeOf } from '../../sdk/src/tracking/motion.ts';
import { TrackList } from '../../sdk/src/tracking/track-list.ts';
import { Track } from '../../sdk/src/tracking/track.ts';
import { MEAN_FACE } from './fake-model.ts';

const FACTOR = 1.3;
const FRAME = { live: false } as Frame;

/** A plain face around (x, 200), about `size` px wide. */
function face(x: number, size: number): Finding {
  const points = Float32Array.from(MEAN_FACE, (v, i) => (i % 2 ? 200 : x) + (v - 0.5) * FACTOR * size);
  return { points, spread: new Float32Array(68).fill(2), presence: 1, size };
}

type Network = (region: Region) => Finding | undefined;
/** Points that follow from the crop alone. */
const echo: Network = ({ cx, size }) => face(cx, size / FACTOR);
/** Points that follow from the picture alone, where the face is in the crop. */
const seeing =
  (x: number, size: number): Network =>
  (region) =>
    Math.abs(region.cx - x) < region.size / 2 ? face(x, size) : undefined;

/** @param detected where the detector sees faces: x and size */
const finder = (network: Network, detected: readonly (readonly [x: number, size: number])[]) => ({
  detect: async () =>
    detected.map(([x, size]) => ({
      box: { x: x - size / 2, y: 200 - size / 2, width: size, height: size },
      eyes: { right: [x - size / 4, 190], left: [x + size / 4, 190] } as const,
      score: 0.9,
    })),
  locate: async (_: Frame, regions: readonly Region[]) => regions.map(network),
  regionOf: (finding: Finding) => regionOfFinding(finding, FACTOR),
  regionOfDetection: ({ box }: { box: { x: number; width: number } }): Region => ({
    cx: box.x + box.width / 2,
    cy: 200,
    size: FACTOR * box.width,
    angle: 0,
  }),
});

/** A face that was found at x = 300 with 100 px, and has been followed to another place. */
function followed(x: number, size: number, cropSize?: number): Track {
  const track = new Track(1, face(300, 100), 0);
  if (cropSize) track.confirm(0, cropSize);
  track.see(face(x, size), 1200);
  return track;
}
const confirm = (
  tracks: readonly Track[],
  network: Network,
  detected: readonly (readonly [number, number])[],
) => confirmTracks(tracks, finder(network, detected), FRAME, 1200);
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.06 * expected, `${actual}, not ${expected}`);

test('one that does not rest where it was, and is what the detector sees: stays as it was followed', async () => {
  for (const [x, size] of [
    [300, 180],
    [300, 60],
    [420, 100],
  ] as const) {
    const track = followed(x, size);
    const { finding } = track;
    assert.ok(track.isDoubtful(1200));
    await confirm([track], seeing(x, size), [[x, 1.1 * size]]);
    assert.equal(track.finding, finding);
    assert.equal(track.cropSize, undefined);
    assert.ok(!track.isDoubtful(1600), 'confirmed');
  }
});

test('crops that shrank, grew or went aside on their own go back to the detector’s face, and keep its size', async () => {
  for (const [x, size] of [
    [300, 70],
    [300, 150],
    [390, 100],
    // No longer on the face at all.
    [460, 100],
  ] as const) {
    const track = followed(x, size);
    await confirm([track], echo, [[300, 104]]);
    assert.ok(!track.lost);
    near(placeOf(track.finding).x, 300);
    near(track.finding.size, 104);
    near(track.cropSize!, 104 * FACTOR);
    assert.deepEqual(track.step(1233), { dx: 0, dy: 0 }, 'that was no motion');
  }
});

test('where the detector sees none, a face stays whose points do not depend on the crop; an echo is let go', async () => {
  for (const detected of [[], [[600, 100]]] as const) {
    const turned = followed(300, 140);
    await confirm([turned], seeing(300, 140), detected);
    assert.ok(!turned.lost && !turned.isDoubtful(1600));
    const nothing = followed(300, 140);
    await confirm([nothing], echo, detected);
    assert.ok(nothing.lost);
  }
});

test('a detector that is right about the face, in whose crop the network sees none, lets no face go', async () => {
  const track = followed(300, 140);
  await confirm([track], (region) => (region.size === FACTOR * 130 ? undefined : face(300, 140)), [
    [300, 130],
  ]);
  assert.ok(!track.lost);
  assert.equal(track.cropSize, undefined);
});

test('a network that was wrong is trusted again once its points stand in other crops', async () => {
  const track = followed(300, 100, 130);
  assert.ok(track.isDoubtful(1200));
  await confirm([track], echo, [[300, 100]]);
  near(track.cropSize!, 130);
  await confirm([track], seeing(300, 100), [[300, 100]]);
  near(track.cropSize!, 130);
  await confirmTracks([track], finder(seeing(300, 100), [[300, 100]]), FRAME, 1600);
  assert.equal(track.cropSize, undefined);
});

test('in a video that plays on, a fast face is compared with itself at the moment of the detector', async () => {
  for (const [network, corrected] of [
    [seeing(450, 100), false],
    [echo, true],
  ] as const) {
    const track = followed(420, 100);
    await confirmTracks([track], finder(network, [[450, 100]]), { live: true } as Frame, 1200);
    assert.ok(!track.lost);
    assert.equal(track.cropSize !== undefined, corrected);
    near(placeOf(track.finding).x, corrected ? 450 : 420);
  }
});

test('another’s face is not taken for one’s own', async () => {
  const track = followed(300, 140);
  const other = new Track(2, face(380, 100), 0);
  await confirm([track, other], echo, [[380, 100]]);
  assert.ok(track.lost);
  assert.equal(placeOf(other.finding).x, placeOf(face(380, 100)).x);
});

test('a face that another covers waits; one that comes back is confirmed', () => {
  const tracks = new TrackList(() => 1);
  tracks.begin(0, 2);
  tracks.add([face(300, 100), face(600, 100)]);
  const doubtful = (): boolean[] => tracks.visible.map((track) => track.isDoubtful(1200));
  tracks.begin(1200, 2);
  tracks.follow([face(450, 100), face(500, 100)]);
  assert.deepEqual(doubtful(), [false, false]);
  tracks.follow([face(400, 100), face(600, 100)]);
  assert.deepEqual(doubtful(), [true, false]);
  tracks.follow([undefined, face(600, 100)]);
  tracks.add([face(410, 100)]);
  assert.deepEqual(doubtful(), [false, false]);
});
