import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldConvolutions } from '../../sdk/src/landmarks/fold.ts';
import { createRuntime } from '../../sdk/src/runtime/runtime.ts';
import { fakeLandmarkModel } from './fake-model.ts';

const OUTPUTS = ['keypoints', 'spread', 'presence'];
const ops = (artifacts: object): string[] =>
  (artifacts as { modelTopology: { node: { op: string }[] } }).modelTopology.node.map(({ op }) => op);

test('a folded model gives the outputs of the plain one, in fewer steps', async () => {
  const { tf, converter } = await createRuntime({ backend: 'wasm' });
  const plain = fakeLandmarkModel();
  const copy = structuredClone(plain);
  const folded = foldConvolutions(plain);
  assert.deepEqual(plain, copy, 'the original is not changed');
  assert.equal(ops(folded).filter((op) => op === '_FusedConv2D').length, 2);
  for (const op of ['Conv2D', 'Mul']) assert.ok(!ops(folded).includes(op), `no ${op} is left`);

  const input = tf.randomNormal([3, 16, 16, 1], 0, 1, 'float32', 5);
  const run = async (artifacts: typeof plain): Promise<ArrayLike<number>[]> => {
    const model = await converter.loadGraphModel(tf.io.fromMemory(artifacts));
    const tensors = model.execute(input, OUTPUTS) as (typeof input)[];
    return Promise.all(tensors.map((tensor) => tensor.data()));
  };
  const [expected, actual] = [await run(plain), await run(folded)];
  OUTPUTS.forEach((name, k) => {
    const worst = Math.max(...Array.from(expected[k], (value, i) => Math.abs(value - actual[k][i])));
    assert.ok(worst < 1e-4, `${name} differs by ${worst}`);
  });
  assert.ok(new Set(Array.from(expected[0])).size > 200, 'the model does not ignore its input');
});

test('a graph without such chains stays as it is', () => {
  const model = fakeLandmarkModel();
  const graph = model.modelTopology as { node: { op: string }[] };
  const without = {
    ...model,
    modelTopology: { ...graph, node: graph.node.filter(({ op }) => op !== 'Conv2D') },
  };
  assert.equal(foldConvolutions(without), without);
});

test('a kernel that two layers share is left alone', () => {
  const model = fakeLandmarkModel();
  const graph = model.modelTopology as { node: { name: string; op: string; input?: string[] }[] };
  graph.node.push({ name: 'other', op: 'Conv2D', input: ['crop', 'a/kernel'] });
  const folded = foldConvolutions(model);
  assert.equal(ops(folded).filter((op) => op === '_FusedConv2D').length, 1);
});
