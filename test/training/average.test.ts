import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averageOf } from '../../training/src/export/average.ts';
import type { Source } from '../../training/src/export/source.ts';
import { tinyNetwork } from './support.ts';

function source(values: number[], bias: number, inputSize = 32): Source {
  const about = {
    name: 'tiny',
    network: 'tiny',
    inputSize,
    cropFactor: 1.3,
    data: [],
    terms: '',
    measured: null,
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
  assert.equal(about, first.about);
  assert.deepEqual([...first.layers.get('dense')!.kernel], [1, 2]);
  assert.deepEqual([...averageOf([first]).layers.get('dense')!.kernel], [1, 2]);
});

test('networks that do not belong together are refused', () => {
  assert.throws(
    () => averageOf([source([1, 2], 3), source([1, 2], 3, 64)]),
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
