import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../training/src/engines/engine.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { Bench } from '../../training/src/export/bench.ts';
import { fitSpreadLayer } from '../../training/src/export/fit-spread.ts';
import { foldLayers } from '../../training/src/export/fold.ts';
import type { Source } from '../../training/src/export/source.ts';
import { errorPairs, prepareFaces } from '../../training/src/evaluation/on-samples.ts';
import { rankCorrelation } from '../../training/src/support/statistics.ts';
import { faceCropInput } from '../../training/src/inputs/face-crop.ts';
import { DIFFICULTY } from '../../training/src/models/landmark-head.ts';
import { buildState } from '../../training/src/trainer/model-state.ts';
import { noiseFaces, tinyNetwork } from './support.ts';

const SIZE = 32;
/** In a mirror image it is itself. */
const CHIN = 8;

async function untrained(engine: Engine): Promise<Source> {
  const crop = new Float32Array(SIZE * SIZE).map((_, i) => Math.sin(i));
  const { parameters } = await buildState(engine, tinyNetwork, crop, SIZE, { seed: 4, layers: new Map() });
  return {
    network: tinyNetwork,
    layers: foldLayers(parameters),
    about: { name: 'tiny', inputSize: SIZE, cropFactor: 1.3, data: [], terms: 'none', measured: null },
  };
}

test('expected errors become right on average and tell large errors from small ones; points and presence stay', async () => {
  const engine = await startWasm();
  const source = await untrained(engine);
  const told: number[] = [];
  const fitted = fitSpreadLayer(engine, source, noiseFaces(40), (done) => told.push(done));

  assert.ok(told.length > 1 && told.every((done, i) => i === 0 || done > told[i - 1]));
  for (const [name, layer] of fitted)
    if (name !== DIFFICULTY) assert.equal(layer, source.layers.get(name), name);
  const bench = new Bench(engine, tinyNetwork, prepareFaces(noiseFaces(60), faceCropInput(SIZE, 1.3)));
  const pairs = (layers: Source['layers']) =>
    bench.results(layers).flatMap((face) => errorPairs(face, face.span));
  const ratio = (of: ReturnType<typeof pairs>) =>
    of.reduce((sum, { distance }) => sum + distance, 0) / of.reduce((sum, { spread }) => sum + spread, 0);
  const rho = (of: ReturnType<typeof pairs>) =>
    rankCorrelation(
      of.map(({ spread }) => spread),
      of.map(({ distance }) => distance),
    );
  const [before, after] = [pairs(source.layers), pairs(fitted)];
  assert.ok(ratio(before) < 0.5, 'as drawn, they say nothing');
  assert.ok(Math.abs(ratio(after) - 1) < 0.1, `mean error over mean expected error: ${ratio(after)}`);
  assert.ok(
    rho(after) > 0.3 && rho(after) > rho(before) + 0.25,
    `rank correlation ${rho(before)}, ${rho(after)}`,
  );
});

test('a landmark that no face shows keeps the expected error that was trained', async () => {
  const engine = await startWasm();
  const source = await untrained(engine);
  const faces = noiseFaces(8).map((face) => ({
    ...face,
    points: face.points?.slice().fill(NaN, 2 * CHIN, 2 * CHIN + 2),
  }));
  const [before, after] = [source.layers, fitSpreadLayer(engine, source, faces)].map((layers) =>
    layers.get(DIFFICULTY)!,
  );
  const column = ({ kernel, bias }: typeof before, landmark: number) => [
    ...kernel.filter((_, i) => i % 68 === landmark),
    bias[landmark],
  ];
  assert.deepEqual(column(after, CHIN), column(before, CHIN));
  assert.notDeepEqual(column(after, 5), column(before, 5));
});

test('of very many faces 4000 are looked at, from the first to the last', async () => {
  const engine = await startWasm();
  const source = await untrained(engine);
  const whole = noiseFaces(8);
  const hide = (...landmarks: number[]) =>
    whole.map((face) => {
      const points = face.points?.slice();
      landmarks.forEach((landmark) => points?.fill(NaN, 2 * landmark, 2 * landmark + 2));
      return { ...face, points };
    });
  // The nose's tip is known in the first of the faces alone, the chin in the last.
  const [NOSE, count] = [30, 9000];
  const kinds = { first: hide(CHIN), middle: hide(CHIN, NOSE), last: hide(NOSE) };
  const faces = Array.from({ length: count }, (_, i) => {
    const kind = i < 40 ? kinds.first : i < count - 40 ? kinds.middle : kinds.last;
    return kind[i % kind.length];
  });
  let looked = 0;
  const fitted = fitSpreadLayer(engine, source, faces, (_, total) => (looked = total));
  assert.equal(looked, 4000);
  const [before, after] = [source.layers, fitted].map((layers) => layers.get(DIFFICULTY)!.bias);
  for (const landmark of [NOSE, CHIN, 5]) assert.notEqual(after[landmark], before[landmark], `${landmark}`);
});
