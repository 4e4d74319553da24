import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Sample } from '../../../training/src/datasets/sample.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { foldLayers } from '../../../training/src/export/fold.ts';
import { modelFileOf, writeModelFile } from '../../../training/src/export/model-file.ts';
import { quantizeLayers } from '../../../training/src/export/quantize.ts';
import { faceCropInput } from '../../../training/src/inputs/face-crop.ts';
import type { Corrections } from '../../../training/src/teacher/correction.ts';
import { teach } from '../../../training/src/teacher/teach.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';
import { noiseFaces, tinyNetwork } from '../support.ts';

const SIZE = 32;
let folder = '';

/** An untrained network: what it says is nonsense, and the same each time. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teacher-'));
  const crops = new Float32Array(3 * SIZE * SIZE);
  noiseFaces(3).forEach((face, i) =>
    faceCropInput(SIZE, 1.3).prepare(face, crops.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE)),
  );
  const engine = await startWasm();
  const { parameters } = await buildState(engine, tinyNetwork, crops, SIZE, { seed: 1, layers: new Map() });
  const about = { name: 't', inputSize: SIZE, cropFactor: 1.3, data: [], terms: '', measured: null };
  const layers = quantizeLayers(foldLayers(parameters));
  await writeModelFile(folder, modelFileOf(tinyNetwork, layers, about));
  const shifted = join(folder, 'shifted');
  await mkdir(shifted);
  await writeModelFile(shifted, modelFileOf(tinyNetwork, layers, { ...about, markupShift: 0.1 }));
});
after(() => rm(folder, { recursive: true }));

async function taught(samples: Sample[], corrections: Corrections, teacher = folder): Promise<Sample[]> {
  return (await teach(await startWasm(), teacher, samples, corrections)).samples;
}

/** The first noise face, its points moved within their box. */
function relabelled(change: (points: Float32Array) => void, more: Partial<Sample> = {}): Sample {
  const [face] = noiseFaces(1);
  const points = face.points?.slice() ?? new Float32Array(136);
  change(points);
  return { ...face, box: [18, 18, 62, 62], ...more, points };
}

test('sets that are not named, and pictures without a face, stay as they are', async () => {
  const [named, other, negative] = noiseFaces(3);
  const samples = [named, { ...other, set: 'by hand' }, { ...negative, set: 'noise', points: undefined }];
  const before = structuredClone(samples);
  const after = await taught(samples, { noise: { share: 1 } });
  assert.notDeepEqual(after[0].points, samples[0].points);
  assert.equal(after[1], samples[1]);
  assert.equal(after[2], samples[2]);
  assert.deepEqual(samples, before, 'nor are the samples that were given changed');
});

test('with a share of 1 the label does not matter, only where it is cropped', async () => {
  const samples = [relabelled(() => {}), relabelled((points) => points.fill(40))];
  const [a, b] = await taught(samples, { noise: { share: 1 } });
  assert.deepEqual(a.points, b.points);
});

test('filling gives the points that are missing, and no other', async () => {
  const face = relabelled((points) => points.fill(NaN, 0, 34));
  const [{ points: all = [] }] = await taught([relabelled(() => {})], { noise: { share: 1 } });
  const [{ points: filled = [] }] = await taught([face], { noise: { fill: true } });
  assert.deepEqual(filled.slice(0, 34), all.slice(0, 34));
  assert.deepEqual(filled.slice(34), face.points?.slice(34));
});

test('the teacher leaves no tensor behind', async () => {
  const engine = await startWasm();
  const before = engine.tf.memory().numTensors;
  await taught(noiseFaces(2), { noise: { share: 0.5 } });
  assert.equal(engine.tf.memory().numTensors, before);
});

test('a teacher says where it sees the points, whatever shift of the markup it was exported with', async () => {
  const samples = noiseFaces(2);
  const plain = await taught(samples, { noise: { share: 1 } });
  const shifted = await taught(samples, { noise: { share: 1 } }, join(folder, 'shifted'));
  shifted.forEach(({ points = [] }, face) =>
    points.forEach((value, i) => assert.ok(Math.abs(value - (plain[face].points?.[i] ?? NaN)) < 1e-3)),
  );
});
