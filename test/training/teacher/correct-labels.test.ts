import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import type { FaceResult } from '../../../training/src/evaluation/on-samples.ts';
import { correctLabels, type Look } from '../../../training/src/teacher/correct-labels.ts';
import { noiseFaces } from '../support.ts';

/** Labels about (40, 40), their box with them. */
function faces(count: number, more: Partial<Sample> = {}): Sample[] {
  return noiseFaces(count).map((face) => ({ ...face, box: [18, 18, 62, 62], ...more }));
}

/** A teacher that says of each face what `of` makes of its number and of how often it was asked before. */
function teacher(
  of: (face: number, asked: number) => { scale: number; presence?: number },
): Look & { seen: Sample[][] } {
  const seen: Sample[][] = [];
  const look: Look = async (given, onProgress) => {
    seen.push([...given]);
    onProgress(given.length);
    return given.map((sample) => {
      const number = Number(sample.name.split(' ')[1]);
      const { scale, presence } = of(number, seen.length - 1);
      const label = noiseFaces(number + 1)[number].points ?? new Float32Array(136);
      const predicted = label.map((value) => scale * value + 1);
      const spread = new Float32Array(68).fill(1);
      return { set: sample.set, name: sample.name, sample, predicted, spread, presence } as FaceResult;
    });
  };
  return Object.assign(look, { seen });
}

test('a label stays where the teacher sees no face, or another size of it than can be', async () => {
  const samples = faces(6);
  const said = [
    { scale: 1.1, presence: 0.9 },
    { scale: 1.1, presence: 0.49 },
    { scale: 0.65, presence: 1 },
    { scale: 1.45, presence: 1 },
    { scale: 0.75, presence: 0.5 },
    { scale: NaN, presence: 1 },
  ];
  const { samples: taught, counts } = await correctLabels(
    samples,
    { noise: { register: true } },
    teacher((face) => said[face]),
  );
  const corrected = taught.flatMap((sample, i) => (sample === samples[i] ? [] : [i]));
  assert.deepEqual(corrected, [0, 4]);
  assert.deepEqual(counts, { noise: { corrected: 2, kept: 4 } });
  const [before, after] = [samples[0].points ?? [], taught[0].points ?? []];
  before.forEach((value, i) => assert.ok(Math.abs(after[i] - (1.1 * value + 1)) < 1e-3));
  assert.ok(Math.abs((taught[0].box?.[0] ?? 0) - (1.1 * 18 + 1)) < 1e-3, 'the box goes along');
});

test('also where points go part of the way to its own, a teacher that sees no face changes nothing', async () => {
  const samples = faces(2);
  const { counts, samples: taught } = await correctLabels(
    samples,
    { noise: { share: 1 } },
    teacher((face) => ({ scale: 1.1, presence: face })),
  );
  assert.equal(taught[0], samples[0]);
  assert.deepEqual(counts, { noise: { corrected: 1, kept: 1 } });
});

test('a badly placed label is looked at again where it was put, and stays if there is no face there', async () => {
  const samples = faces(2);
  const look = teacher((face, asked) => ({ scale: 1.2, presence: face === 0 && asked === 1 ? 0.1 : 1 }));
  const progress: number[] = [];
  const { counts, samples: taught } = await correctLabels(
    samples,
    { noise: { register: true } },
    look,
    (done, total) => void progress.push(done / total),
  );
  assert.equal(look.seen.length, 2);
  assert.ok(Math.abs((look.seen[1][0].box?.[2] ?? 0) - (1.2 * 62 + 1)) < 1e-3);
  assert.equal(taught[0], samples[0]);
  assert.notEqual(taught[1], samples[1]);
  assert.deepEqual(counts, { noise: { corrected: 1, kept: 1 } });
  assert.deepEqual(progress, [0.5, 1]);
});

test('counts are those of the sets that may be corrected', async () => {
  const samples = [...faces(2), ...faces(1, { set: 'by hand' }), ...faces(1, { points: undefined })];
  const corrections = { noise: { share: 0.5 }, absent: { share: 1 } };
  const { counts } = await correctLabels(
    samples,
    corrections,
    teacher(() => ({ scale: 1 })),
  );
  assert.deepEqual(counts, { noise: { corrected: 2, kept: 0 } });
});

/** A teacher that sees every point of a face, `right` px left of its label, in a crop of 100 px. */
function aside(right: (face: number) => { by: number; presence?: number }): Look {
  return async (given) =>
    given.map((sample) => {
      const { by, presence = 1 } = right(Number(sample.name.split(' ')[1]));
      const predicted = (sample.points ?? []).map((value, i) => (i % 2 === 0 ? value - by : value + 3));
      const spread = new Float32Array(68).fill(1);
      return { set: sample.set, sample, predicted, spread, presence, span: 100 } as FaceResult;
    });
}

test('what moves the labels of a whole set to one side is taken away, also from those that are kept', async () => {
  const samples = [...faces(40), ...faces(40, { set: 'other' })];
  // Of ten faces each to the other side, and of three faces that it does not see, the median takes no notice.
  const look = aside((face) => ({ by: face < 10 ? -5 : 2, presence: face > 36 ? 0.1 : 1 }));
  const taught = await correctLabels(samples, { noise: { share: 0 } }, look);
  assert.ok(Math.abs(taught.markupShifts.noise - 0.02) < 1e-4);
  assert.deepEqual(taught.counts, { noise: { corrected: 37, kept: 3 } });
  taught.samples.slice(0, 40).forEach(({ points, box }, face) => {
    const before = samples[face].points ?? [];
    points?.forEach((value, i) => assert.ok(Math.abs(value - (before[i] - (i % 2 === 0 ? 2 : 0))) < 1e-3));
    assert.ok(Math.abs((box?.[0] ?? 0) - (18 - 2)) < 1e-3);
    assert.equal(box?.[1], 18, 'up and down is learned, so it stays');
  });
  assert.deepEqual(taught.samples.slice(40), samples.slice(40), 'sets that are not corrected stay');
});

test('of a few faces, what moves them to one side may be chance', async () => {
  const samples = faces(29);
  const { markupShifts, samples: taught } = await correctLabels(
    samples,
    { noise: { share: 0 } },
    aside(() => ({ by: 2 })),
  );
  assert.deepEqual(markupShifts, { noise: 0 });
  assert.deepEqual(taught[0].points, samples[0].points);
});
