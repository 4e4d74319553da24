import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeSyntheticFaces } from '../../../training/src/datasets/synthetic.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { networkNamed } from '../../../training/src/models/networks.ts';
import { makeReport } from '../../../training/src/report/make.ts';
import { augmentedPictures } from '../../../training/src/report/pictures.ts';
import { buildState } from '../../../training/src/trainer/model-state.ts';
import { RunFolder } from '../../../training/src/trainer/run-folder.ts';
import { noiseFaces, TINY_SETTINGS } from '../support.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'make-'))));
after(() => rm(folder, { recursive: true }));

const faces = makeSyntheticFaces(8, 1);

test('a product network is asked where faces are: held-out faces, crops beside them, pictures without', async () => {
  const engine = await startWasm();
  const size = TINY_SETTINGS.size;
  const inputs = Float32Array.from({ length: 2 * size * size }, (_, i) => Math.sin(i));
  const initial = { seed: 1, layers: new Map() };
  const state = await buildState(engine, networkNamed('lite'), inputs, size, initial);
  const run = new RunFolder(folder);
  const about = { command: [], network: 'lite', engine: 'wasm', faces: { synthetic: 8 } };
  await run.start({ ...about, settings: TINY_SETTINGS, started: '2026-01-02T03:04:05Z' }, false);
  const checkpoint = { network: 'lite', settings: TINY_SETTINGS, epoch: 1, state };
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
  const engine = await startWasm();
  const size = TINY_SETTINGS.size;
  const initial = { seed: 1, layers: new Map() };
  const inputs = Float32Array.from({ length: 2 * size * size }, (_, i) => Math.sin(i));
  const state = await buildState(engine, networkNamed('lite'), inputs, size, initial);
  const faceless = noiseFaces(1).map(({ points: _points, ...sample }) => sample);
  const data = { train: faces, held: faceless, heldSplit: 'val' as const, negatives: [], unit: 'u' };
  const tensors = engine.tf.memory().numTensors;
  const checkpoint = { network: 'lite', settings: TINY_SETTINGS, epoch: 1, state };
  await assert.rejects(makeReport(engine, new RunFolder(folder), checkpoint, data), /shows no face/);
  assert.equal(engine.tf.memory().numTensors, tensors);
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
