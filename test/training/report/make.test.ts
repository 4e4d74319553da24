import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeSyntheticFaces } from '../../../training/src/datasets/synthetic.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { networkNamed } from '../../../training/src/models/networks.ts';
import { readReport, writeReport } from '../../../training/src/report/files.ts';
import { makeReport } from '../../../training/src/report/make.ts';
import { reportPage } from '../../../training/src/report/page.ts';
import { augmentedPictures } from '../../../training/src/report/pictures.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';
import { RunFolder } from '../../../training/src/trainer/run-folder.ts';
import { noiseFaces, TINY_SETTINGS } from '../support.ts';
import { withoutPictures } from './support.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'make-'))));
after(() => rm(folder, { recursive: true }));

const faces = makeSyntheticFaces(8, 1);

const about = { command: [], network: 'lite', engine: 'wasm', faces: { synthetic: 8 } };
const engine = await startWasm();

/** A run of `lite` that has not learned anything. */
async function untrained(name: string) {
  const size = TINY_SETTINGS.size;
  const inputs = Float32Array.from({ length: 2 * size * size }, (_, i) => Math.sin(i));
  const initial = { seed: 1, layers: new Map() };
  const state = await buildState(engine, networkNamed('lite'), inputs, size, initial);
  const run = new RunFolder(join(folder, name));
  await run.start({ ...about, settings: TINY_SETTINGS, started: '2026-01-02T03:04:05Z' }, false);
  return { run, checkpoint: { network: 'lite', settings: TINY_SETTINGS, epoch: 1, state } };
}

test('a product network is asked where faces are: held-out faces, crops beside them, pictures without', async () => {
  const { run, checkpoint } = await untrained('asked');
  const negatives = noiseFaces(2).map(({ points: _points, ...sample }) => sample);
  const data = { train: faces, held: faces.slice(0, 4), heldSplit: 'val' as const, negatives, unit: 'u' };
  const tensors = engine.tf.memory().numTensors;
  const { presence, all } = await makeReport(engine, run, checkpoint, data);
  assert.equal(engine.tf.memory().numTensors, tensors, 'no tensor is left behind');
  assert.equal(all.faces, 4);
  assert.deepEqual([presence?.faces, presence?.offFace, presence?.faceLess], [4, 12, 40]);
  for (const share of [presence?.facesKept, presence?.offFaceRefused, presence?.faceLessRefused])
    assert.ok(share !== undefined && share >= 0 && share <= 100);
});

test('a report that fails leaves no tensor behind either', async () => {
  const { run, checkpoint } = await untrained('fails');
  const faceless = noiseFaces(1).map(({ points: _points, ...sample }) => sample);
  const data = { train: faces, held: faceless, heldSplit: 'val' as const, negatives: [], unit: 'u' };
  const tensors = engine.tf.memory().numTensors;
  await assert.rejects(makeReport(engine, run, checkpoint, data), /shows no face/);
  assert.equal(engine.tf.memory().numTensors, tensors);
});

/** The page of a run measured on faces that lack these points, as made and as made again from what was written. */
async function pagesWithout(name: string, indices: readonly number[]) {
  const { run, checkpoint } = await untrained(name);
  const held = faces.map(({ points = new Float32Array(0), ...face }) => ({
    ...face,
    points: points.map((value, i) => (indices.includes(i >> 1) ? NaN : value)),
  }));
  const data = { train: faces, held, heldSplit: 'val' as const, negatives: [], unit: 'u' };
  const report = await makeReport(engine, run, checkpoint, data);
  await writeReport(run.path, report);
  const again = await readReport(run.path);
  assert.ok(again);
  return { report, page: reportPage([report]), again: reportPage([again, again]) };
}

test('a part of the face that is nowhere annotated has no error', async () => {
  const jaw = Array.from({ length: 17 }, (_, i) => i);
  const { report, page, again } = await pagesWithout('jawless', jaw);
  assert.deepEqual(
    report.regions.map(({ name }) => name),
    ['brows', 'eyes', 'nose', 'mouth'],
  );
  for (const text of [page, again]) assert.doesNotMatch(withoutPictures(text), /NaN|null/);
});

test('faces of which none can be measured have dashes for figures, also when read back', async () => {
  const { report, page, again } = await pagesWithout('cornerless', [36]);
  assert.equal(report.all.faces, 0);
  for (const text of [page, again]) {
    assert.match(text, /<dd>– <small>%/);
    assert.doesNotMatch(withoutPictures(text), /NaN|null|Infinity/);
  }
});

test('what training sees is shown as it comes from the augmentation, blinks too', async () => {
  const shown = (blink: number) => {
    const augmentation = { ...TINY_SETTINGS.augmentation, mirror: 0, blink };
    return augmentedPictures(faces, { ...TINY_SETTINGS, size: 64, augmentation }, 6);
  };
  const openness = (truth: readonly (number | null)[]) => (truth[2 * 41 + 1] ?? 0) - (truth[2 * 37 + 1] ?? 0);
  const mean = async (blink: number) =>
    (await shown(blink)).reduce((sum, { truth }) => sum + openness(truth) / 6, 0);
  const [open, closed] = [await mean(0), await mean(1)];
  assert.ok(closed < 0.7 * open, `eyes of ${closed} px, ${open} px without blinks`);
});
