import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RunFolder } from '../../../training/src/trainer/run-folder.ts';
import { makeSyntheticFaces } from '../../../training/src/datasets/synthetic.ts';
import { IBUG68, unitInWords } from '../../../training/src/datasets/schema.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { networkNamed } from '../../../training/src/models/networks.ts';
import { noseOnly } from '../../../training/src/datasets/select.ts';
import { fitToData, newSettings } from '../../../training/src/cli/train-settings.ts';
import { isUpToDate, readReport, writeReport } from '../../../training/src/report/files.ts';
import { html } from '../../../training/src/report/html.ts';
import { makeReport } from '../../../training/src/report/make.ts';
import { reportPage } from '../../../training/src/report/page.ts';
import type { RunReport } from '../../../training/src/report/run-report.ts';
import { train } from '../../../training/src/trainer/train.ts';
import { withoutPictures } from './support.ts';

let folder = '';
let report: RunReport;

/** Two epochs of `nose` on drawn faces, and its report. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  const { samples, schema } = noseOnly(makeSyntheticFaces(96, 1), IBUG68);
  const of = (wanted: string) => samples.filter(({ split }) => split === wanted);
  const options = { epochs: '2', steps: '2', batch: '4' };
  const settings = fitToData(newSettings('nose', false, options), schema, of('train').length);
  const run = new RunFolder(join(folder, 'first & <last>'));
  const engine = await startWasm();
  const about = { command: ['--out', '<here>'], network: 'nose', engine: 'wasm', faces: { synthetic: 64 } };
  await run.start({ ...about, settings, started: '2026-01-02T03:04:05Z' }, false);
  await train({
    engine,
    network: { name: 'nose', build: networkNamed('nose', settings) },
    settings,
    train: of('train'),
    val: of('val'),
    initial: new Map(),
    workers: 1,
    onStep: () => {},
    onEpoch: (record, checkpoint) => run.epochDone(record, checkpoint),
  });
  const checkpoint = await run.checkpoint();
  assert.ok(checkpoint);
  const data = {
    train: of('train'),
    held: of('val'),
    heldSplit: 'val' as const,
    negatives: [],
    schema,
    unit: unitInWords(IBUG68),
  };
  report = await makeReport(engine, run, checkpoint, data);
});
after(() => rm(folder, { recursive: true }));

test('a report says how the run went, by both losses and by faces', () => {
  assert.deepEqual(
    report.epochs.map(({ epoch, valLoss = NaN }) => [epoch, valLoss > 0]),
    [
      [1, true],
      [2, true],
    ],
  );
  assert.equal(report.all.faces, 16);
  assert.deepEqual(
    report.errors,
    report.errors.toSorted((a, b) => a - b),
  );
  assert.equal(report.filters?.count, 12);
  assert.equal(report.conditions.length, 3);
  for (const { groups } of report.conditions)
    assert.deepEqual(
      groups.map(({ faces }) => faces),
      [4, 4, 4, 4],
    );
  const worst = report.worst.map(({ caption }) => parseFloat(caption));
  const best = report.best.map(({ caption }) => parseFloat(caption));
  assert.ok(Math.min(...worst) >= Math.max(...best));
  assert.deepEqual(
    worst,
    worst.toSorted((a, b) => b - a),
  );
});

test('the mean error over the quarters of a condition is that over all faces', () => {
  for (const { name, groups } of report.conditions) {
    const mean = groups.reduce((sum, { nme }) => sum + nme, 0) / groups.length;
    assert.ok(Math.abs(mean - report.all.nme) < 1e-3, name);
  }
});

test('the page needs no network and no script, and escapes what it is given', () => {
  const page = reportPage([report]);
  assert.doesNotMatch(page, /<script|https?:|@import|url\(/);
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(address, /^data:image\//);
  assert.ok(!page.includes('<here>') && page.includes('&#60;here&#62;'));
  assert.ok(!page.includes('first & <last>'));
});

test('what does not apply is left out', () => {
  const page = reportPage([report]);
  assert.ok(!page.includes('By part of the face') && !page.includes('Does it know how wrong it is'));
  const calibration = {
    points: 9,
    rankCorrelation: 0.61,
    intervals: [0.5, 0.9].map((nominal) => ({ nominal, observed: nominal - 0.1 })),
    groups: [{ expected: 1, real: 2 }],
  };
  const regions = ['jaw', 'eyes'].map((name) => ({ name, nme: 3, px: 1 }));
  const full = reportPage([{ ...report, calibration, regions }]);
  assert.ok(full.includes('By part of the face'));
  assert.match(full.replace(/\s+/g, ' '), /the 50 % circles hold 40\.0 %, the 90 % circles 80\.0 %/);
});

test('figures that a run lacks do not keep the others from being shown', () => {
  const nothing = null as unknown as number;
  const epochs = report.epochs.map((epoch) => ({ ...epoch, loss: nothing, valLoss: nothing }));
  const regions = [
    { name: 'jaw', nme: nothing, px: nothing },
    { name: 'eyes', nme: 3, px: 1 },
  ];
  const calibration = {
    points: 9,
    rankCorrelation: nothing,
    intervals: [],
    groups: [{ expected: 1, real: 2 }],
  };
  const page = reportPage([{ ...report, epochs, regions, calibration }]);
  assert.ok(page.includes('3.00 %') && !page.includes('jaw'));
  assert.ok(!page.includes('loss over epoch') && page.includes('mean error, % over epoch'));
  assert.doesNotMatch(withoutPictures(page), /NaN|null/);
});

test('errors are said to be on faces that were trained on where there were no others', () => {
  const said = (...splits: ('val' | 'train')[]) =>
    reportPage(splits.map((split, i) => ({ ...report, name: `run ${i}`, split }))).replace(/\s+/g, ' ');
  assert.match(said('val'), /on faces that are not trained on\./);
  assert.match(said('train'), /on faces that were trained on: there were no others/);
  assert.doesNotMatch(said('train'), /not trained on/);
  assert.match(said('val', 'train'), /not trained on; those of run 1 are on faces that were:/);
});

test('presence is a table, and says where a run has seen the pictures without a face', () => {
  const presence = {
    facesKept: 99.5,
    faces: 200,
    offFaceRefused: 98.25,
    offFace: 600,
    faceLessRefused: 97,
    faceLess: 1160,
  };
  const page = (negativesHeldOut?: number) =>
    reportPage([{ ...report, run: { ...report.run, negativesHeldOut }, presence }]).replace(/\s+/g, ' ');
  assert.match(page(58), /99\.5 % <small>of 200<.*98\.3 % <small>of 600<.*97\.0 % <small>of 1 160</);
  assert.ok(!page(58).includes('has seen the pictures'));
  assert.ok(page().includes('has seen the pictures without a face in training'));
  assert.ok(!reportPage([report]).includes('where no face is'), 'nose is not asked');
});

test('a teacher and what it corrected are among the settings', () => {
  const settings = {
    ...report.run.settings,
    corrections: { turned: { register: true, share: 0.4 }, old: { fill: true }, tracked: { share: 1 } },
  };
  const page = (teacher?: string) => reportPage([{ ...report, run: { ...report.run, settings, teacher } }]);
  const words = page('models/<big>').replace(/\s+/g, ' ');
  assert.ok(words.includes('models/&#60;big&#62;'));
  assert.ok(words.includes('turned: scale and place fitted to the teacher’s points, moved 40 % of the way'));
  assert.ok(words.includes('old: missing points taken from the teacher; tracked: taken from the teacher'));
  assert.ok(!page().includes('labels corrected'), 'without a teacher nothing was');
});

test('labels that are not those that the run saw are noted', () => {
  const words = 'Not as the <teacher> corrected them.';
  assert.ok(
    reportPage([{ ...report, labelsNote: words }]).includes('Not as the &#60;teacher&#62; corrected'),
  );
  assert.ok(!reportPage([report]).includes('corrected them'));
});

test('two runs stand side by side, each line and bar in its own colour', () => {
  const page = reportPage([report, { ...report, name: 'other' }]);
  assert.match(page, /other/);
  const lines = (run: number) => page.match(new RegExp(`class="line run${run} `, 'g'))?.length;
  assert.ok((lines(0) ?? 0) > 4);
  assert.equal(lines(0), lines(1));
  assert.ok(!reportPage([report]).includes('class="line run1'));
});

test('figures read back as they were written, and the page lies beside them', async () => {
  const path = await writeReport(folder, report);
  assert.deepEqual(await readReport(folder), JSON.parse(JSON.stringify(report)));
  assert.equal(await readFile(path, 'utf8'), reportPage([report]));
  assert.equal(await readReport(join(folder, 'nowhere')), undefined);
});

test('figures are used again when they are of the last epoch and of float32 products', () => {
  assert.equal(report.products, 'float32');
  assert.ok(isUpToDate(report, 2));
  assert.ok(!isUpToDate(report, 3));
  assert.ok(!isUpToDate({ ...report, products: 'bfloat16' }, 2));
});

test('the page says with what products it was measured', () => {
  assert.ok(reportPage([report]).includes('with products of float32'));
  assert.ok(reportPage([{ ...report, products: 'bfloat16' }]).includes('with products of bfloat16'));
});

test('markup is built by escaping all that is not markup', () => {
  const part = html`<i>${'<&"'}</i>`;
  assert.equal(
    html`<p>${part}${[part, undefined]}${undefined}${3}</p>`.text,
    `<p>${part.text}${part.text}3</p>`,
  );
  assert.equal(part.text, '<i>&#60;&#38;&#34;</i>');
});
