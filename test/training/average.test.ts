import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averageOf } from '../../training/src/export/average.ts';
import type { Source } from '../../training/src/export/source.ts';
import { tinyNetwork } from './support.ts';

function source(values: number[], bias: number, other: Partial<Source['about']> = {}): Source {
  const about = {
    name: 'tiny',
    network: 'tiny',
    inputSize: 32,
    cropFactor: 1.3,
    data: ['a'],
    terms: 'free',
    training: { crops: 10, seed: 1, engine: 'node' },
    measured: null,
    ...other,
  };
  const layer = { shape: [1, 2], kernel: Float32Array.from(values), bias: Float32Array.of(bias) };
  return {
    network: tinyNetwork,
    layers: new Map([['dense', layer]]),
    about: about as unknown as Source['about'],
  };
}

test('weights and biases of networks are averaged, the sources left as they are', () => {
  const first = source([1, 2], 3);
  const { layers, about } = averageOf([first, source([3, 6], 6), source([5, 1], 0)]);
  assert.deepEqual([...layers.get('dense')!.kernel], [3, 3]);
  assert.deepEqual([...layers.get('dense')!.bias], [3]);
  assert.equal(about.name, 'tiny');
  assert.deepEqual([...first.layers.get('dense')!.kernel], [1, 2]);
  assert.deepEqual([...averageOf([first]).layers.get('dense')!.kernel], [1, 2]);
});

test('the mean carries the data and the terms of all, and says of how many it is', () => {
  const other = source([1, 2], 3, { data: ['a', 'b'], terms: 'research only' });
  const { about } = averageOf([source([1, 2], 3), other, source([1, 2], 3)]);
  assert.deepEqual(about.data, ['a', 'b']);
  assert.equal(about.terms, 'free research only');
  assert.deepEqual(about.training, { crops: 30, seed: 1, engine: 'node', averaged: 3 });
  assert.equal(averageOf([other]).about, other.about);
  const again = averageOf([source([1, 2], 3), averageOf([other, other])]);
  assert.equal(again.about.training?.averaged, 3);
});

test('networks that do not belong together are refused', () => {
  assert.throws(
    () => averageOf([source([1, 2], 3), source([1, 2], 3, { inputSize: 64 })]),
    /tiny at 64 px .* tiny at 32 px/,
  );
  assert.throws(
    () =>
      averageOf(
        [source([1, 2], 3), source([1, 2, 3], 3)].map((one, i) =>
          i === 0
            ? one
            : { ...one, layers: new Map([['dense', { ...one.layers.get('dense')!, shape: [1, 3] }]]) },
        ) as [Source, Source],
      ),
    /dense differs in shape/,
  );
});
