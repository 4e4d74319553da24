/** Which of the detector's candidates become faces, and in what order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cropper } from '../../sdk/src/crop/cropper.ts';
import type { Region } from '../../sdk/src/crop/region.ts';
import type { BlazeFace, Detection } from '../../sdk/src/detector/blazeface.ts';
import type { Finding } from '../../sdk/src/face.ts';
import type { Frame } from '../../sdk/src/input/frame.ts';
import type { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import type { Runtime } from '../../sdk/src/runtime/runtime.ts';
import { FaceFinder } from '../../sdk/src/tracking/finder.ts';
import { MEAN_FACE } from './fake-model.ts';

const FACTOR = 1.3;
const frame = { live: false, pixels: () => undefined } as unknown as Frame;

/** What the detector says of a plain face around (x, 200). */
const detection = (x: number, size: number, score = 0.9): Detection => ({
  box: { x: x - size / 2, y: 200 - size / 2, width: size, height: size },
  eyes: { right: [x - size / 4, 180], left: [x + size / 4, 180] },
  score,
});

function face(x: number, size: number): Finding {
  const points = Float32Array.from(MEAN_FACE, (v, i) => (i % 2 ? 200 : x) + (v - 0.5) * FACTOR * size);
  return { points, spread: new Float32Array(68).fill(2), presence: 1, size };
}

/** A network that sees these faces, each in every crop around its middle that is not many times as large or small. */
class Finder extends FaceFinder {
  crops = 0;
  readonly #faces: readonly Finding[];
  readonly #fading: readonly number[];

  /** @param fading where a face is seen at first only */
  constructor(
    detections: readonly Detection[],
    faces: readonly (readonly [number, number])[],
    fading: number[] = [],
  ) {
    const detector = { detect: async () => [...detections].sort((a, b) => b.score - a.score) };
    super(
      {} as Runtime,
      detector as unknown as BlazeFace,
      { metadata: { cropFactor: FACTOR } } as LandmarkNetwork,
      {} as Cropper,
    );
    this.#faces = faces.map(([x, size]) => face(x, size));
    this.#fading = fading;
  }

  override async locate(
    _: Frame,
    regions: readonly Region[],
    second?: object,
  ): Promise<(Finding | undefined)[]> {
    this.crops += regions.length;
    return regions.map(({ cx }) =>
      this.#faces.find(({ points }) => {
        const x = (points[0] + points[32]) / 2;
        return Math.abs(x - cx) < 10 && !(second && this.#fading.includes(Math.round(x)));
      }),
    );
  }
}

const placesOf = (found: readonly Finding[]): number[] =>
  found.map(({ points }) => Math.round((points[0] + points[32]) / 2));
const search = (finder: Finder, room: number): Promise<Finding[]> => finder.search(frame, [], room, {});

test('the largest face comes first, however little the detector thinks of it', async () => {
  const faces = [
    [100, 40],
    [200, 50],
    [300, 60],
    [600, 200],
  ] as const;
  const detections = faces.map(([x, size], i) => detection(x, size, 0.9 - i / 10));
  const one = new Finder(detections, faces);
  assert.deepEqual(placesOf(await search(one, 1)), [600]);
  assert.ok(one.crops <= 4, `${one.crops} crops for one face`);
  assert.deepEqual(placesOf(await search(new Finder(detections, faces), 3)), [600, 300, 200]);
});

test('what the network refuses, at the first look or the second, takes no face’s place', async () => {
  const nothing = [700, 900, 1100, 1300].map((x) => detection(x, 180, 0.4));
  const real = [detection(100, 40), detection(200, 50)];
  const faces = [
    [100, 40],
    [200, 50],
  ] as const;
  assert.deepEqual(placesOf(await search(new Finder([...nothing, ...real], faces), 1)), [200]);
  assert.deepEqual(placesOf(await search(new Finder([...nothing, ...real], faces), 2)), [200, 100]);
  const fading = new Finder([detection(600, 150), ...real], [[600, 150], ...faces], [600]);
  assert.deepEqual(placesOf(await search(fading, 1)), [200]);
});

test('within a stream a search ends after some rounds, whatever the detector still has', async () => {
  const wall = Array.from({ length: 40 }, (_, i) => detection(300 * i, 180, 0.4));
  const bounded = new Finder(wall, []);
  assert.deepEqual(await bounded.search(frame, [], 1, { rounds: 2 }), []);
  assert.equal(bounded.crops, 6);
  const unbounded = new Finder(wall, []);
  await search(unbounded, 1);
  assert.equal(unbounded.crops, 40);
});

test('two boxes on one face take one place', async () => {
  const nested = [detection(600, 200), detection(605, 120, 0.8), detection(200, 50, 0.7)];
  const finder = new Finder(nested, [
    [600, 200],
    [200, 50],
  ]);
  assert.deepEqual(placesOf(await search(finder, 2)), [600, 200]);
});

test('a face that is known is not found again', async () => {
  const finder = new Finder(
    [detection(600, 200), detection(200, 50)],
    [
      [600, 200],
      [200, 50],
    ],
  );
  const found = await finder.search(frame, [{ finding: face(600, 200) }], 2);
  assert.deepEqual(placesOf(found), [200]);
});
