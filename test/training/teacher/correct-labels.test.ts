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
