import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitInitial } from '../../../training/src/models/fit-initial.ts';
import { sizeOf, type InitialLayer } from '../../../training/src/models/parameters.ts';

const SHAPES = new Map([
  ['conv1', [3, 3, 1, 4]],
  ['conv2', [3, 3, 4, 8]],
  ['maps', [1, 1, 8, 98]],
]);

const layer = (...shape: number[]): InitialLayer => ({
  shape,
  kernel: new Float32Array(sizeOf(shape)),
  bias: new Float32Array(shape[shape.length - 1]),
});

test('what fits is taken; what the network lacks, and what it would draw, are told', () => {
  const { layers, taken, of, afresh, unused } = fitInitial(
    new Map([
      ['conv1', layer(3, 3, 1, 4)],
      ['conv2', { bias: new Float32Array(8) }],
      ['fc', layer(8, 1000)],
    ]),
    SHAPES,
  );
  assert.deepEqual([...layers.keys()], ['conv1', 'conv2']);
  assert.deepEqual([taken, of, afresh, unused], [1, 3, [], ['fc']]);
});

test('of a model of other points the last layer is drawn afresh', () => {
  const { layers, afresh } = fitInitial(
    new Map([
      ['conv1', layer(3, 3, 1, 4)],
      ['conv2', layer(3, 3, 4, 8)],
      ['maps', layer(1, 1, 8, 68)],
    ]),
    SHAPES,
  );
  assert.deepEqual([...layers.keys()], ['conv1', 'conv2']);
  assert.deepEqual(afresh, ['maps']);
});

test('weights of another network are refused by layer and shapes', () => {
  const fit = (name: string, given: InitialLayer) => () => fitInitial(new Map([[name, given]]), SHAPES);
  assert.throws(fit('conv1', layer(5, 5, 1, 4)), /conv1 has 5x5x1x4, the network 3x3x1x4/);
  assert.throws(fit('conv2', { bias: new Float32Array(4) }), /conv2 has a bias of 4, the network 8/);
  assert.throws(fit('stem', layer(3, 3, 1, 4)), /no layer fits; they are of stem …, the network has conv1/);
});
